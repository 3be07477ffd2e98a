// SOP 1.6, "Capacity Planning".
#include <array>

#include "tools/precheck/group.h"
#include "tools/precheck/groups/recovery.h"
#include "tools/precheck/not_looked_at.h"
#include "tools/precheck/row.h"

namespace baton::precheck {

constexpr Check kDisk = left_to_people({.id = "database-disk",
                                        .sop = "1.6",
                                        .title = "Database disk",
                                        .expected = [](const Config&) { return Expected("> 30 % free"); },
                                        .part = "database",
                                        .part_needs = "database.url",
                                        .declared = WhenDeclared::settled});
constexpr Check kPools =
    left_to_people({.id = "connection-pools", .sop = "1.6", .title = "Connection pools", .expected = [](const Config&) {
                      return Expected("within limits");
                    }});

constexpr std::array kChecks = {
    BATON_ROW(Check, cluster_capacity),
    &kDisk,
    &kPools,
    BATON_ROW(Check, redis_clients),
};

extern const Group capacity{
    .id = "capacity", .heading = "Capacity", .critical = false, .recovery = kMendInfrastructure, .checks = kChecks};

}  // namespace baton::precheck
