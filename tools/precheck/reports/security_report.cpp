// Severities, and what readers of all formats need.
#include "tools/precheck/reports/security_report.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include "common/core/error.h"
#include "common/core/printable.h"
#include "common/core/text.h"

namespace baton::precheck {
namespace {

constexpr std::size_t kMostFindings = 100'000;
constexpr std::size_t kMostText = 200;
constexpr std::size_t kHexOfSha256 = 64;

struct Word {
  std::string_view text;
  Severity severity;
};
constexpr std::array kWords = {Word{"critical", Severity::critical},
                               Word{"defcon1", Severity::critical},
                               Word{"high", Severity::high},
                               Word{"important", Severity::high},
                               Word{"medium", Severity::medium},
                               Word{"moderate", Severity::medium},
                               Word{"low", Severity::low},
                               Word{"negligible", Severity::negligible},
                               Word{"info", Severity::negligible},
                               Word{"none", Severity::negligible},
                               Word{"informational", Severity::negligible}};

}  // namespace

std::string_view severity_name(Severity severity) {
  switch (severity) {
    case Severity::critical:
      return "critical";
    case Severity::high:
      return "high";
    case Severity::medium:
      return "medium";
    case Severity::low:
      return "low";
    case Severity::negligible:
      return "negligible";
    case Severity::unknown:
      break;
  }
  return "unknown";
}

Severity severity_from(std::string_view word) {
  const auto found = std::ranges::find(kWords, to_lower(trim(word)), &Word::text);
  return found == kWords.end() ? Severity::unknown : found->severity;
}

Severity severity_of_score(double score) {
  if (!(score >= 0 && score <= 10)) return Severity::unknown;
  if (score >= 9) return Severity::critical;
  if (score >= 7) return Severity::high;
  if (score >= 4) return Severity::medium;
  return score > 0 ? Severity::low : Severity::negligible;
}

Severity severity_of_score(std::string_view score) {
  double number = 0;
  const auto [end, error] = std::from_chars(score.data(), score.data() + score.size(), number);
  const bool is_number = error == std::errc{} && end == score.data() + score.size();
  return is_number ? severity_of_score(number) : Severity::unknown;
}

Severity worse(Severity one, Severity other) { return std::min(one, other); }

void SecurityReport::add(Vulnerability vulnerability) {
  if (vulnerabilities.size() == kMostFindings) refuse_report(name, "it has more than 100000 findings");
  vulnerabilities.push_back(std::move(vulnerability));
}

void SecurityReport::add(VexStatement statement) {
  if (statements.size() == kMostFindings) refuse_report(name, "it has more than 100000 statements");
  statements.push_back(std::move(statement));
}

void SecurityReport::add_digest(std::string_view reference) {
  const auto digest = reference.substr(reference.rfind('@') + 1);  // of no "@": from the start
  constexpr std::string_view kAlgorithm = "sha256:";
  const auto hex = digest.substr(std::min(digest.size(), kAlgorithm.size()));
  const bool is_digest = digest.starts_with(kAlgorithm) && hex.size() == kHexOfSha256 &&
                         hex.find_first_not_of("0123456789abcdef") == std::string_view::npos;
  if (is_digest && std::ranges::find(digests, digest) == digests.end()) digests.emplace_back(digest);
}

void refuse_report(std::string_view name, const std::string& why, const std::string& hint) {
  throw Error(ExitCode::unknown, std::string(name) + ": " + why, hint);
}

std::string brief(const Json& text) { return text.is_string() ? printable(trim(text.string()), kMostText) : ""; }

std::vector<std::string> texts_of(const Json& array) {
  std::vector<std::string> texts;
  if (!array.is_array()) return texts;
  for (const auto& item : array.items()) {
    if (auto text = brief(item); !text.empty()) texts.push_back(std::move(text));
  }
  return texts;
}

std::string named_version(const Json& name, const Json& version) {
  auto text = brief(name);
  if (const auto number = brief(version); !number.empty()) text += (text.empty() ? "" : " ") + number;
  return text;
}

}  // namespace baton::precheck
