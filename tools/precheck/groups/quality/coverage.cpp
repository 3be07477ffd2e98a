// SOP 1.1: test coverage >= 80 %.
#include "common/config/sections/precheck.h"
#include "common/core/units.h"
#include "tools/precheck/check.h"
#include "tools/precheck/report_files.h"

namespace baton::precheck {
namespace {

Expected expected(const Config& config) { return {">=", Measured(config.precheck().coverage_min, "%")}; }

Observation observe(const Look& look) {
  const auto& config = look.config().precheck();
  Observation seen;
  LineCoverage all;
  seen.evidence = read_reports(look, config.coverage_reports, ReportKind::coverage,
                               [&](const Reading& reading) { all += std::get<LineCoverage>(reading); });
  if (all.valid == 0) {
    seen.message = "the reports count no lines";
    return seen;
  }
  seen.observed = Measured(all.percent(), "%");
  seen.outcome = all.percent() >= config.coverage_min ? Outcome::pass : Outcome::fail;
  seen.message = number_text(all.covered, 0) + " of " + number_text(all.valid, 0) + " lines";
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
