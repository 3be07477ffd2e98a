// SOP 3, "Input": what watch will judge by.
#include <array>

#include "tools/precheck/group.h"
#include "tools/precheck/groups/recovery.h"
#include "tools/precheck/row.h"

namespace baton::precheck {

constexpr std::array kChecks = {
    BATON_ROW(Check, metrics_baseline),
    BATON_ROW(Check, calibration),
};

extern const Group monitoring{
    .id = "monitoring", .heading = "Monitoring", .critical = false, .recovery = kMendInfrastructure, .checks = kChecks};

}  // namespace baton::precheck
