// SOP 1.1, "Verify Quality Gates".
#include <array>

#include "tools/precheck/group.h"
#include "tools/precheck/groups/recovery.h"
#include "tools/precheck/not_looked_at.h"
#include "tools/precheck/row.h"

namespace baton::precheck {

constexpr Check kReview =
    left_to_people({.id = "code-review", .sop = "1.1", .title = "Code review", .expected = [](const Config&) {
                      return Expected(">= 90/100");
                    }});
constexpr Check kVulnerabilities =
    left_to_people({.id = "vulnerabilities",
                    .sop = "1.1",
                    .title = "Security",
                    .expected = [](const Config&) { return Expected("0 P0/P1 vulnerabilities"); },
                    .is_waivable = false});
constexpr std::array kChecks = {
    &kReview,
    BATON_ROW(Check, coverage),
    BATON_ROW(Check, unit_tests),
    BATON_ROW(Check, integration_tests),
    BATON_ROW(Check, e2e_tests),
    &kVulnerabilities,
    BATON_ROW(Check, performance),
};

extern const Group quality{
    .id = "quality", .heading = "Quality Gates", .critical = false, .recovery = kMendQuality, .checks = kChecks};

}  // namespace baton::precheck
