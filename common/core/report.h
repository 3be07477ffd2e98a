// Reports in the SOP's Markdown and as HTML, findings as JUnit and SARIF.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "common/core/finding.h"

namespace baton {

struct ReportLine {
  std::string text;
  std::optional<Outcome> mark = {};
};

struct ReportSection {
  std::string heading;
  std::vector<ReportLine> lines = {};
  std::optional<Outcome> mark = {};
  int level = 2;  ///< of the Markdown heading
};

struct Report {
  std::string title;
  std::vector<ReportSection> sections;
  std::string closing = {};  ///< the last heading, e.g. "Decision: ✅ APPROVED FOR DEPLOYMENT"
};

/// What is not in order, worst first; of what is, and of what was left out, only the count.
std::vector<ReportLine> condensed(std::span<const Finding> findings);
/// Foreign text is escaped so that it can neither open HTML nor break a list.
std::string to_markdown(const Report& report);
/// JUnit XML of the findings: fail → failure, unknown → error, skipped → skipped; warn passes with its text in
/// system-out.
std::string to_junit(std::string_view suite, std::span<const Finding> findings);
/// One page of HTML without scripts, pictures and addresses, the closing line first; foreign text is escaped.
std::string to_html(const Report& report);
/// SARIF 2.1.0 of what is not in order: one result for each of a finding's files ("src/a.py:12:4"); a finding without
/// files is a notification of the run. `tool` is the executable's name.
std::string to_sarif(std::string_view tool, std::span<const Finding> findings);

}  // namespace baton
