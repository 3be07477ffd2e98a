// Reports in the SOP's Markdown, and findings as JUnit.
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

}  // namespace baton
