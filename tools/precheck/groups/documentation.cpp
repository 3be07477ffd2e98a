// SOP, "Prerequisites": Documentation Readiness.
#include <array>

#include "tools/precheck/group.h"
#include "tools/precheck/row.h"

namespace baton::precheck {

constexpr std::array<std::string_view, 2> kMendDocumentation = {
    "Write what is missing, and let it be reviewed with the release", "Run baton-precheck again"};

constexpr std::array kChecks = {
    BATON_ROW(Check, changelog),
    BATON_ROW(Check, release_notes),
    BATON_ROW(Check, rollback_plan),
    BATON_ROW(Check, runbook),
};

extern const Group documentation{.id = "documentation",
                                 .heading = "Documentation",
                                 .critical = false,
                                 .recovery = kMendDocumentation,
                                 .checks = kChecks};

}  // namespace baton::precheck
