// SOP 1.4, the tests on staging.
#include <array>

#include "tools/precheck/group.h"
#include "tools/precheck/not_looked_at.h"
#include "tools/precheck/row.h"

namespace baton::precheck {

constexpr std::array<std::string_view, 4> kMendStaging = {
    "Analyze the failing test: is the test correct, is the code correct", "Fix the issue",
    "Run the staging tests again until all pass", "Do not deploy to production until they do"};

constexpr Check kE2e = left_to_people({.id = "staging-e2e",
                                       .sop = "1.4",
                                       .title = "E2E suite",
                                       .expected = [](const Config&) { return Expected("all tests pass"); },
                                       .critical = true,
                                       .is_waivable = false});
constexpr Check kPerformance =
    left_to_people({.id = "staging-performance",
                    .sop = "1.4",
                    .title = "Performance test",
                    .expected = [](const Config&) { return Expected("P95 latency < target"); },
                    .critical = true});
constexpr std::array kChecks = {
    BATON_ROW(Check, staging_digest), &kE2e, BATON_ROW(Check, staging_smoke), &kPerformance,
    BATON_ROW(Check, staging_logs),
};

extern const Group staging{
    .id = "staging", .heading = "Staging Tests", .critical = true, .recovery = kMendStaging, .checks = kChecks};

}  // namespace baton::precheck
