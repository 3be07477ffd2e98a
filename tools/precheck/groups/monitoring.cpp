// SOP 3, "Input": what watch will judge by; and "Prerequisites": who else sees it when it goes wrong.
#include <array>

#include "tools/precheck/group.h"
#include "tools/precheck/groups/recovery.h"
#include "tools/precheck/row.h"

namespace baton::precheck {

constexpr std::array kChecks = {
    BATON_ROW(Check, metrics_baseline), BATON_ROW(Check, calibration), BATON_ROW(Check, dashboards),
    BATON_ROW(Check, alert_rules),      BATON_ROW(Check, log_lines),   BATON_ROW(Check, apm),
};

extern const Group monitoring{
    .id = "monitoring", .heading = "Monitoring", .critical = false, .recovery = kMendInfrastructure, .checks = kChecks};

}  // namespace baton::precheck
