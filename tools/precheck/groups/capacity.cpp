// SOP 1.6, "Capacity Planning".
#include <array>

#include "tools/precheck/group.h"
#include "tools/precheck/groups/recovery.h"
#include "tools/precheck/not_looked_at.h"
#include "tools/precheck/row.h"

namespace baton::precheck {

constexpr Check kCluster =
    left_to_people({.id = "cluster-capacity", .sop = "1.6", .title = "Cluster capacity", .expected = [](const Config&) {
                      return Expected(">= 20 % free");
                    }});

constexpr std::array kChecks = {
    &kCluster,
    BATON_ROW(Check, database_disk),
    BATON_ROW(Check, connection_pools),
};

extern const Group capacity{
    .id = "capacity", .heading = "Capacity", .critical = false, .recovery = kMendInfrastructure, .checks = kChecks};

}  // namespace baton::precheck
