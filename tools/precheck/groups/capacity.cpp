// SOP 1.6, "Capacity Planning".
#include <array>

#include "tools/precheck/group.h"
#include "tools/precheck/groups/recovery.h"
#include "tools/precheck/row.h"

namespace baton::precheck {

constexpr std::array kChecks = {
    BATON_ROW(Check, cluster_capacity),
    BATON_ROW(Check, database_disk),
    BATON_ROW(Check, connection_pools),
    BATON_ROW(Check, redis_clients),
};

extern const Group capacity{
    .id = "capacity", .heading = "Capacity", .critical = false, .recovery = kMendInfrastructure, .checks = kChecks};

}  // namespace baton::precheck
