// Keys of the contract whose feature this version does not have.
#include "common/config/later_keys.h"

#include <array>

#include "common/config/keys.h"

namespace baton::config {
namespace {

constexpr auto kLater = std::to_array<std::string_view>({
    "release_type",
    "migrate.max_wait",
    "migrate.lock_timeout",
    "migrate.backup_command",
    "migrate.backup_max",
    "migrate.backup_keep",
    "migrate.verify",
    "migrate.batch",
    "migrate.command",
    "migrate.job",
    "watch.extended",
    "watch.limits.database",
    "watch.limits.tickets",
    "watch.custom",
    "watch.feedback",
    "finalize.tag_stable_after",
    "notify.heartbeat",
});

}  // namespace

std::span<const std::string_view> keys_of_later_versions() { return kLater; }

}  // namespace baton::config
