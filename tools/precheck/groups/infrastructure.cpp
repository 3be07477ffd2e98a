// SOP 1.2, "Verify Infrastructure".
#include <array>

#include "tools/precheck/group.h"
#include "tools/precheck/groups/recovery.h"
#include "tools/precheck/not_looked_at.h"
#include "tools/precheck/row.h"

namespace baton::precheck {

constexpr Check kNodeCpu = left_to_people({.id = "node-cpu",
                                           .sop = "1.2",
                                           .title = "Node CPU",
                                           .expected = [](const Config&) { return Expected("< 70 %"); },
                                           .critical = true,
                                           .is_waivable = false});
constexpr Check kNodeMemory = left_to_people({.id = "node-memory",
                                              .sop = "1.2",
                                              .title = "Node memory",
                                              .expected = [](const Config&) { return Expected("< 70 %"); },
                                              .critical = true,
                                              .is_waivable = false});
constexpr Check kRedis = left_to_people({.id = "redis",
                                         .sop = "1.2",
                                         .title = "Redis",
                                         .expected = [](const Config&) { return Expected("PONG"); },
                                         .critical = true,
                                         .declared = WhenDeclared::settled,
                                         .is_waivable = false});
constexpr Check kExternal = left_to_people({.id = "external",
                                            .sop = "1.2",
                                            .title = "External APIs",
                                            .expected = [](const Config&) { return Expected("all reachable"); },
                                            .critical = true,
                                            .declared = WhenDeclared::settled,
                                            .is_waivable = false});

constexpr std::array kChecks = {
    BATON_ROW(Check, nodes_ready), &kNodeCpu, &kNodeMemory, BATON_ROW(Check, database_reachable), &kRedis, &kExternal,
};

extern const Group infrastructure{.id = "infrastructure",
                                  .heading = "Infrastructure Health",
                                  .critical = true,
                                  .recovery = kMendInfrastructure,
                                  .checks = kChecks};

}  // namespace baton::precheck
