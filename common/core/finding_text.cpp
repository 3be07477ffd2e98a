// A finding in words.
#include "common/core/finding_text.h"

#include "common/core/printable.h"
#include "common/core/text.h"

namespace baton {
namespace {

constexpr std::size_t kLongest = 1000;

bool is_met(const Finding& finding) { return finding.outcome == Outcome::pass || finding.outcome == Outcome::skipped; }

/// Where to look: files, then the query.
std::string sources_text(const Finding& finding) {
  std::vector<std::string> sources = finding.files;
  if (!finding.query.empty()) sources.push_back(finding.query);
  return sources.empty() ? "" : " [" + join(sources, ", ") + "]";
}

std::string led_by(const std::string& lead, const std::string& seen) {
  return seen.empty() ? lead : lead + ": " + seen;
}

}  // namespace

std::string seen_text(const Finding& finding) {
  std::string text = finding.observed.text();
  if (!is_met(finding) && !finding.expected.is_empty()) {
    text += (text.empty() ? "expected " : " (expected ") + finding.expected.text() + (text.empty() ? "" : ")");
  }
  if (finding.message.empty()) return text;
  return text.empty() ? finding.message : text + "; " + finding.message;
}

std::string finding_text(const Finding& finding) {
  const std::string lead = finding.sop.empty() ? finding.id : finding.sop + " " + finding.id;
  return printable(led_by(lead, seen_text(finding)) + sources_text(finding), kLongest);
}

std::string finding_line(const Finding& finding) {
  return printable(led_by(finding.title, seen_text(finding)), kLongest);
}

}  // namespace baton
