// Commands with everything filled in.
#include "tools/watch/commands.h"

#include <fmt/format.h>

#include "common/core/text.h"
#include "common/rollout/by_hand.h"

namespace baton::watch {

std::string rollback_command(const Watched& watched, const std::string& reason) {
  if (!watched.is_recorded) return "the way it was deployed: Baton recorded no switch to go back from";
  return fmt::format("{} --reason {} --by \"$USER\"", rollout::rollback_command(watched.context), shell_word(reason));
}

std::string accept_command(const Watched& watched, const std::string& rule) {
  return fmt::format("baton-watch tick --accept {} --by \"$USER\" --set {} {}", shell_word(rule),
                     shell_word("app=" + watched.context.app), rollout::target_flags(watched.context));
}

}  // namespace baton::watch
