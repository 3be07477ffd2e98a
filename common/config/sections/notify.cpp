// Channels.
#include "common/config/sections/notify.h"

#include "common/config/section.h"

namespace baton::config {

void add_notify(std::vector<Key>& all) {
  const Section notify(
      all, "notify.", [](auto& config) -> auto& { return config.notify(); });
  notify.fills(notify.key("to", "Channels that hear of every outcome", &NotifyConfig::to), {});
  notify.fills(notify.key("incident", "Channels that are paged as well", &NotifyConfig::incident), {});
}

}  // namespace baton::config
