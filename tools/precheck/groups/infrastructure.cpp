// SOP 1.2, "Verify Infrastructure".
#include <array>

#include "tools/precheck/group.h"
#include "tools/precheck/groups/recovery.h"
#include "tools/precheck/row.h"

namespace baton::precheck {

constexpr std::array kChecks = {
    BATON_ROW(Check, nodes_ready),        BATON_ROW(Check, node_cpu),      BATON_ROW(Check, node_memory),
    BATON_ROW(Check, database_reachable), BATON_ROW(Check, redis_answers), BATON_ROW(Check, external),
    BATON_ROW(Check, no_incident),
};

extern const Group infrastructure{.id = "infrastructure",
                                  .heading = "Infrastructure Health",
                                  .critical = true,
                                  .recovery = kMendInfrastructure,
                                  .checks = kChecks};

}  // namespace baton::precheck
