// SOP 1.3, "Verify Database Migrations".
#include <array>

#include "tools/precheck/group.h"
#include "tools/precheck/not_looked_at.h"
#include "tools/precheck/row.h"

namespace baton::precheck {

constexpr std::array<std::string_view, 4> kMendMigrations = {
    "Run the migrations on staging, on a copy of production's data", "Correct the migration that fails or locks",
    "Prove its way down on staging", "Run baton-precheck again"};

constexpr Check kRehearsal =
    left_to_people({.id = "migrations-rehearsed",
                    .sop = "1.3",
                    .title = "Staging migration",
                    .expected = [](const Config&) { return Expected("success in < 5 minutes"); },
                    .part = "database",
                    .part_needs = "database.url",
                    .declared = WhenDeclared::settled});
constexpr Check kReversible = left_to_people({.id = "migrations-reversible",
                                              .sop = "1.3",
                                              .title = "Rollback migration",
                                              .expected = [](const Config&) { return Expected("tested, works"); },
                                              .part = "database",
                                              .part_needs = "database.url",
                                              .declared = WhenDeclared::settled});
constexpr Check kLocks = left_to_people({.id = "migrations-locks",
                                         .sop = "1.3",
                                         .title = "Long-running queries",
                                         .expected = [](const Config&) { return Expected("no table lock > 1 second"); },
                                         .part = "database",
                                         .part_needs = "database.url",
                                         .declared = WhenDeclared::settled});

constexpr std::array kChecks = {
    &kRehearsal, &kReversible, &kLocks, BATON_ROW(Check, backup_programs), BATON_ROW(Check, backup_target),
};

extern const Group migrations{.id = "migrations",
                              .heading = "Database Migrations",
                              .critical = false,
                              .recovery = kMendMigrations,
                              .checks = kChecks};

}  // namespace baton::precheck
