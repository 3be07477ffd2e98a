// SOP 1.5, security.
#include <array>

#include "tools/precheck/group.h"
#include "tools/precheck/groups/recovery.h"
#include "tools/precheck/row.h"

namespace baton::precheck {

constexpr std::array kChecks = {
    BATON_ROW(Check, security_scan),
};

extern const Group security{
    .id = "security", .heading = "Security", .critical = true, .recovery = kMendQuality, .checks = kChecks};

}  // namespace baton::precheck
