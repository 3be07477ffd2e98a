// SOP 1.1, "Verify Quality Gates".
#include <array>

#include "tools/precheck/group.h"
#include "tools/precheck/groups/recovery.h"
#include "tools/precheck/row.h"

namespace baton::precheck {

constexpr std::array kChecks = {
    BATON_ROW(Check, code_review),       BATON_ROW(Check, coverage),  BATON_ROW(Check, unit_tests),
    BATON_ROW(Check, integration_tests), BATON_ROW(Check, e2e_tests), BATON_ROW(Check, vulnerabilities),
    BATON_ROW(Check, performance),
};

extern const Group quality{
    .id = "quality", .heading = "Quality Gates", .critical = false, .recovery = kMendQuality, .checks = kChecks};

}  // namespace baton::precheck
