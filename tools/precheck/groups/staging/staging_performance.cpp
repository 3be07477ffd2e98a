// SOP 1.4: performance tests (load testing), on staging.
#include "common/config/sections/precheck.h"
#include "tools/precheck/load_test.h"
#include "tools/precheck/look.h"

namespace baton::precheck {
namespace {

Observation observe(const Look& look) {
  const auto& config = look.config().precheck();
  LoadResults all;
  auto evidence = read_load(look, config.staging.performance, all);
  auto seen = judge_load(all, {.max_p95 = config.quality.max_p95, .with_errors = Outcome::fail, .needs_errors = true});
  seen.evidence = std::move(evidence);
  return seen;
}

}  // namespace

extern const Check staging_performance{.id = "staging-performance",
                                       .sop = "1.4",
                                       .title = "Performance test",
                                       .expected = expected_p95,
                                       .needs = "precheck.staging.performance",
                                       .critical = true,
                                       .observe = observe};

}  // namespace baton::precheck
