// SOP 1.5, security.
#include <array>

#include "tools/precheck/group.h"
#include "tools/precheck/groups/recovery.h"
#include "tools/precheck/not_looked_at.h"
#include "tools/precheck/row.h"

namespace baton::precheck {

constexpr Check kSecrets = left_to_people({.id = "secrets",
                                           .sop = "1.5",
                                           .title = "Secrets in code",
                                           .expected = [](const Config&) { return Expected("none"); },
                                           .critical = true,
                                           .is_waivable = false});
constexpr std::array kChecks = {
    BATON_ROW(Check, dependency_scan),
    BATON_ROW(Check, image_scan),
    &kSecrets,
    BATON_ROW(Check, certificates),
};

extern const Group security{
    .id = "security", .heading = "Security", .critical = true, .recovery = kMendQuality, .checks = kChecks};

}  // namespace baton::precheck
