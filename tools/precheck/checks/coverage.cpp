// SOP 1.1: test coverage >= 80 %.
#include "common/config/sections/precheck.h"
#include "common/core/units.h"
#include "tools/precheck/checks/report_files.h"
#include "tools/precheck/reports/cobertura.h"

namespace baton::precheck {
namespace {

Observation observe(CheckContext& context) {
  const auto& config = context.env.config.precheck();
  Observation seen;
  LineCoverage all;
  for (auto& file : read_reports(context.env, config.coverage_reports, "cobertura")) {
    const auto lines = parse_cobertura(file.bytes, file.name);
    all.covered += lines.covered;
    all.valid += lines.valid;
    seen.evidence.push_back(std::move(file.evidence));
  }
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
                            .group = "quality",
                            .title = "Test coverage",
                            .expected = ">= precheck.quality.coverage.min (80 %)",
                            .needs = "precheck.quality.coverage.reports",
                            .critical = true,
                            .observe = observe};

}  // namespace baton::precheck
