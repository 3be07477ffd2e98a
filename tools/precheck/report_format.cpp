// The table of formats.
#include "tools/precheck/report_format.h"

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "common/core/error.h"
#include "common/core/text.h"
#include "tools/precheck/row.h"

namespace baton::precheck {
namespace {

/// "'junit' reports".
std::string known_of(ReportKind kind) {
  std::vector<std::string> known;
  for (const auto* format : formats()) {
    if (format->kind == kind) known.push_back("'" + std::string(format->id) + "'");
  }
  return "Of " + std::string(kind_text(kind)) + " these formats are read: " + join(known, ", ") + ".";
}

}  // namespace

std::span<const Format* const> formats() {
  static constexpr std::array kFormats = {
      BATON_ROW(Format, junit),        BATON_ROW(Format, tap),
      BATON_ROW(Format, go_test_json), BATON_ROW(Format, cobertura),
      BATON_ROW(Format, jacoco),       BATON_ROW(Format, lcov),
      BATON_ROW(Format, clover),       BATON_ROW(Format, go_coverprofile),
      BATON_ROW(Format, k6),           BATON_ROW(Format, jmeter_csv),
      BATON_ROW(Format, jmeter_xml),   BATON_ROW(Format, locust),
      BATON_ROW(Format, vegeta),       BATON_ROW(Format, wrk),
      BATON_ROW(Format, trivy),        BATON_ROW(Format, grype),
      BATON_ROW(Format, npm_audit),    BATON_ROW(Format, snyk),
      BATON_ROW(Format, osv_scanner),  BATON_ROW(Format, sarif),
      BATON_ROW(Format, clair),        BATON_ROW(Format, cyclonedx),
      BATON_ROW(Format, openvex),
  };
  return kFormats;
}

const Format& format_of(std::string_view head, ReportKind kind, std::string_view name) {
  const auto begin = std::string(name) + ": ";
  if (head.empty()) throw Error(ExitCode::unknown, begin + "it is empty", "Build the report again.");
  const auto found = std::ranges::find_if(formats(), [&](const Format* format) { return format->recognises(head); });
  if (found == formats().end()) throw Error(ExitCode::unknown, begin + "its format is not known", known_of(kind));
  if ((*found)->kind == kind) return **found;
  throw Error(ExitCode::unknown,
              begin + "it is a report of " + std::string(kind_text((*found)->kind)) + " ('" +
                  std::string((*found)->id) + "'), not of " + std::string(kind_text(kind)),
              known_of(kind));
}

}  // namespace baton::precheck
