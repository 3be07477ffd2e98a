// SOP 1.3, "Verify Database Migrations".
#include <array>

#include "tools/precheck/group.h"
#include "tools/precheck/row.h"

namespace baton::precheck {

constexpr std::array<std::string_view, 4> kMendMigrations = {
    "Run the migrations on staging, on a copy of production's data", "Correct the migration that fails or locks",
    "Prove its way down on staging", "Run baton-precheck again"};

constexpr std::array kChecks = {
    BATON_ROW(Check, migrations_rehearsed), BATON_ROW(Check, migrations_reversible), BATON_ROW(Check, migrations_locks),
    BATON_ROW(Check, backup_programs),      BATON_ROW(Check, backup_target),
};

extern const Group migrations{.id = "migrations",
                              .heading = "Database Migrations",
                              .critical = false,
                              .recovery = kMendMigrations,
                              .checks = kChecks};

}  // namespace baton::precheck
