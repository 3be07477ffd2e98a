// The hosts there are.
#include "common/ci/host.h"

#include <fmt/format.h>

#include "common/core/finding_text.h"

namespace baton {
namespace {

const CiHost nobody{.name = "none",
                    .dress = [](const Record&, const std::string& text) { return text; },
                    .annotations = [](const Record&) { return std::string(); },
                    .write_files = [](const Record&, const Environment&, const std::string&) {}};

}  // namespace

std::string unsaid_findings(const Record& record, std::string_view text) {
  std::string lines;
  for (const Finding& finding : record.result.findings) {
    const std::string line = finding_text(finding);
    const bool is_said =
        text.find(line) != std::string_view::npos || text.find(finding_line(finding)) != std::string_view::npos;
    if (!is_said) lines += fmt::format("{} {}\n", outcome_mark(finding.outcome), line);
  }
  return lines;
}

const CiHost& ci_host(std::string_view name) {
  for (const CiHost* host : {&github, &gitlab}) {
    if (host->name == name) return *host;
  }
  return nobody;
}

}  // namespace baton
