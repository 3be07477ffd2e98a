// GitLab CI: collapsible sections, a dotenv report, JUnit, code quality.
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <map>

#include "common/ci/host.h"
#include "common/cli/flags.h"
#include "common/core/digest.h"
#include "common/core/finding_text.h"
#include "common/io/files.h"

namespace baton {
namespace {

constexpr std::string_view kConfiguration = "baton.yaml";

/// A section whose title stays and whose lines fold away.
std::string section(const Record& record, const std::string& name, const std::string& title, const std::string& lines) {
  const std::string stamp = to_unix_seconds(std::chrono::floor<std::chrono::seconds>(record.finished_at));
  const std::string whole = stamp.substr(0, stamp.find('.'));
  return fmt::format(
      "\x1b[0Ksection_start:{0}:{1}[collapsed=true]\r\x1b[0K{2}\n{3}\x1b[0Ksection_end:{0}:{1}\r\x1b[0K\n", whole, name,
      title, lines);
}

std::string dress(const Record& record, const std::string& text) {
  const std::string findings = unsaid_findings(record, text);
  return findings.empty() ? text : text + section(record, record.step + "_findings", "Findings", findings);
}

/// GitLab's dotenv knows no quotes: a value that would need them is left out.
std::string dotenv_line(const std::string& step, std::string_view name, const std::string& value) {
  const bool is_plain = std::ranges::all_of(value, [](unsigned char c) {
    return std::isalnum(c) != 0 || std::string_view("_.:/-").find(static_cast<char>(c)) != std::string_view::npos;
  });
  if (value.empty() || !is_plain) return "";
  return variable_of(step) + "_" + std::string(name) + "=" + value + "\n";
}

std::string dotenv_of(const Record& record) {
  const auto again = record.result.run_again_at;
  return dotenv_line(record.step, "VERDICT", std::string(record.verdict_word())) +
         dotenv_line(record.step, "EXIT_CODE", std::to_string(static_cast<int>(record.code))) +
         dotenv_line(record.step, "HANDOFF_SHA256", record.handoff_sha256) +
         dotenv_line(record.step, "RUN_AGAIN_AT", again ? to_rfc3339(*again) : "");
}

/// How GitLab ranks it; empty for what is no issue.
std::string_view severity(const Finding& finding) {
  switch (finding.outcome) {
    case Outcome::fail:
      return finding.critical ? "blocker" : "major";
    case Outcome::unknown:
      return finding.critical ? "critical" : "minor";
    case Outcome::warn:
      return "minor";
    case Outcome::skipped:
      return finding.settled ? "" : "info";
    case Outcome::pass:
      return "";
  }
  return "";
}

/// The line of the configuration that the text names ("baton.yaml:12:3"); the first where it names none.
int configuration_line(std::string_view text) {
  int line = 1;
  const auto place = text.find(std::string(kConfiguration) + ":");
  if (place == std::string_view::npos) return line;
  const auto digits = text.substr(place + kConfiguration.size() + 1);
  std::from_chars(digits.data(), digits.data() + digits.size(), line);
  return std::max(line, 1);
}

/// The same issue of the next pipeline has the same fingerprint: no measured value is a part of it.
std::string code_quality_of(const Record& record) {
  Json issues = Json::array();
  std::map<std::string, int> seen;
  for (const Finding& finding : record.result.findings) {
    if (severity(finding).empty()) continue;
    const std::string name = record.step + "/" + finding.id + "/" + finding.title;
    const std::string text = finding_text(finding);
    issues.push_back(
        Json::object({{"description", text},
                      {"check_name", record.step + "/" + finding.id},
                      {"fingerprint", sha256_hex(name + "/" + std::to_string(++seen[name]))},
                      {"severity", std::string(severity(finding))},
                      {"location", Json::object({{"path", std::string(kConfiguration)},
                                                 {"lines", Json::object({{"begin", configuration_line(text)}})}})}}));
  }
  return to_pretty_text(issues);
}

void write_files(const Record& record, const Environment& /*environment*/, const std::string& dir) {
  write_file(Inside{dir, record.step + ".env"}, dotenv_of(record));
  write_file(Inside{dir, record.step + ".junit.xml"}, to_junit("baton-" + record.step, record.result.findings));
  write_file(Inside{dir, record.step + ".codequality.json"}, code_quality_of(record));
}

}  // namespace

const CiHost gitlab{.name = "gitlab",
                    .dress = dress,
                    .annotations = [](const Record&) { return std::string(); },
                    .write_files = write_files,
                    .writes_into_folder = true};

}  // namespace baton
