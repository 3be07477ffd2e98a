// SOP 1.5, security.
#include <array>

#include "tools/precheck/group.h"
#include "tools/precheck/groups/recovery.h"
#include "tools/precheck/not_looked_at.h"
#include "tools/precheck/row.h"

namespace baton::precheck {

constexpr Check kDependencies =
    left_to_people({.id = "dependency-scan",
                    .sop = "1.5",
                    .title = "Dependency scan",
                    .expected = [](const Config&) { return Expected("0 critical vulnerabilities"); },
                    .critical = true,
                    .is_waivable = false});
constexpr Check kContainer =
    left_to_people({.id = "image-scan",
                    .sop = "1.5",
                    .title = "Container scan",
                    .expected = [](const Config&) { return Expected("0 high/critical vulnerabilities"); },
                    .critical = true,
                    .is_waivable = false});
constexpr std::array kChecks = {
    &kDependencies,
    &kContainer,
    BATON_ROW(Check, secrets_in_code),
    BATON_ROW(Check, image_secrets),
    BATON_ROW(Check, certificates),
};

extern const Group security{
    .id = "security", .heading = "Security", .critical = true, .recovery = kMendQuality, .checks = kChecks};

}  // namespace baton::precheck
