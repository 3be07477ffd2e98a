// SOP 1.1: test coverage >= 80 %.
#include "common/config/sections/precheck.h"
#include "common/core/units.h"
#include "tools/precheck/check.h"
#include "tools/precheck/report_files.h"

namespace baton::precheck {
namespace {

Expected expected(const Config& config) { return {">=", Measured(config.precheck().quality.coverage_min, "%")}; }

Observation judge(const LineCoverage& all, double least) {
  Observation seen;
  const auto lines = all.count();
  if (!all.can_be_joined()) {
    seen.message = all.unlisted +
                   " lists no lines: its counts may be of lines that other reports list; build it with "
                   "lines, or name it alone";
    return seen;
  }
  if (lines.valid == 0) {
    seen.message = "the reports count no lines";
    return seen;
  }
  seen.observed = Measured(lines.percent(), "%");
  seen.outcome = lines.percent() >= least ? Outcome::pass : Outcome::fail;
  seen.message = number_text(lines.covered, 0) + " of " + number_text(lines.valid, 0) + " lines";
  for (const auto& doubt : all.doubts) seen.message += "; " + doubt;
  return seen;
}

Observation observe(const Look& look) {
  const auto& config = look.config().precheck();
  LineCoverage all;
  auto evidence = read_reports(look, config.quality.coverage_reports, ReportKind::coverage,
                               [&](const Reading& reading) { all += std::get<LineCoverage>(reading); });
  auto seen = judge(all, config.quality.coverage_min);
  seen.evidence = std::move(evidence);
  return seen;
}

}  // namespace

extern const Check coverage{.id = "coverage",
                            .sop = "1.1",
                            .title = "Test coverage",
                            .expected = expected,
                            .needs = "precheck.quality.coverage.reports",
                            .critical = true,
                            .observe = observe};

}  // namespace baton::precheck
