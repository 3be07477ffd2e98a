// SOP 1.4: the full E2E test suite, on staging.
#include "common/config/sections/precheck.h"
#include "tools/precheck/look.h"
#include "tools/precheck/test_suite.h"

namespace baton::precheck {

extern const Check staging_e2e{
    .id = "staging-e2e",
    .sop = "1.4",
    .title = "E2E suite",
    .expected = [](const Config&) { return Expected("all tests pass"); },
    .needs = "precheck.staging.e2e",
    .critical = true,
    .is_waivable = false,
    .observe = [](const Look& look) { return look_at_suite(look, look.config().precheck().staging.e2e, {}); }};

}  // namespace baton::precheck
