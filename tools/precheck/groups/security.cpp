// SOP 1.5, security.
#include <array>

#include "tools/precheck/group.h"
#include "tools/precheck/groups/recovery.h"
#include "tools/precheck/row.h"

namespace baton::precheck {

constexpr std::array kChecks = {
    BATON_ROW(Check, dependency_scan), BATON_ROW(Check, image_scan),   BATON_ROW(Check, secrets_in_code),
    BATON_ROW(Check, image_secrets),   BATON_ROW(Check, certificates),
};

extern const Group security{
    .id = "security", .heading = "Security", .critical = true, .recovery = kMendQuality, .checks = kChecks};

}  // namespace baton::precheck
