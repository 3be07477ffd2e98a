// SOP 1.1, "Verify Quality Gates".
#include <array>

#include "tools/precheck/group.h"
#include "tools/precheck/groups/recovery.h"
#include "tools/precheck/not_looked_at.h"
#include "tools/precheck/row.h"

namespace baton::precheck {

constexpr Check kVulnerabilities =
    left_to_people({.id = "vulnerabilities",
                    .sop = "1.1",
                    .title = "Security",
                    .expected = [](const Config&) { return Expected("0 P0/P1 vulnerabilities"); },
                    .is_waivable = false});
constexpr Check kPerformance =
    left_to_people({.id = "performance", .sop = "1.1", .title = "Performance", .expected = [](const Config&) {
                      return Expected("P95 latency < target");
                    }});

constexpr std::array kChecks = {
    BATON_ROW(Check, code_review),
    BATON_ROW(Check, coverage),
    BATON_ROW(Check, unit_tests),
    BATON_ROW(Check, integration_tests),
    BATON_ROW(Check, e2e_tests),
    &kVulnerabilities,
    &kPerformance,
};

extern const Group quality{
    .id = "quality", .heading = "Quality Gates", .critical = false, .recovery = kMendQuality, .checks = kChecks};

}  // namespace baton::precheck
