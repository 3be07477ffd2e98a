// SOP 1.4, the tests on staging.
#include <array>

#include "tools/precheck/group.h"
#include "tools/precheck/not_looked_at.h"
#include "tools/precheck/row.h"

namespace baton::precheck {

constexpr std::array<std::string_view, 4> kMendStaging = {
    "Analyze the failing test: is the test correct, is the code correct", "Fix the issue",
    "Run the staging tests again until all pass", "Do not deploy to production until they do"};

constexpr Check kLogs = left_to_people({.id = "staging-logs",
                                        .sop = "1.4",
                                        .title = "Logs of staging",
                                        .expected = [](const Config&) { return Expected("no errors"); },
                                        .critical = true});

constexpr std::array kChecks = {
    BATON_ROW(Check, staging_e2e),
    BATON_ROW(Check, staging_smoke),
    BATON_ROW(Check, staging_performance),
    &kLogs,
};

extern const Group staging{
    .id = "staging", .heading = "Staging Tests", .critical = true, .recovery = kMendStaging, .checks = kChecks};

}  // namespace baton::precheck
