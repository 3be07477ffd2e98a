// SOP 1.4, the tests on staging.
#include <array>

#include "tools/precheck/group.h"
#include "tools/precheck/row.h"

namespace baton::precheck {

constexpr std::array<std::string_view, 4> kMendStaging = {
    "Analyze the failing test: is the test correct, is the code correct", "Fix the issue",
    "Run the staging tests again until all pass", "Do not deploy to production until they do"};

constexpr std::array kChecks = {
    BATON_ROW(Check, staging_digest),      BATON_ROW(Check, staging_e2e),  BATON_ROW(Check, staging_smoke),
    BATON_ROW(Check, staging_performance), BATON_ROW(Check, staging_logs),
};

extern const Group staging{
    .id = "staging", .heading = "Staging Tests", .critical = true, .recovery = kMendStaging, .checks = kChecks};

}  // namespace baton::precheck
