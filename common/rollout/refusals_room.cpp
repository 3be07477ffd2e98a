// Quotas, added up before anything is written: a second colour that half fits serves nobody.
#include <fmt/format.h>

#include "common/core/text.h"
#include "common/rollout/next.h"
#include "common/rollout/refusals.h"
#include "common/rollout/room.h"

namespace baton::rollout::obstacle {

/// The pods that serve show what they really ask for: a LimitRange and webhooks have had their say.
std::optional<Hindrance> room(Context& context, const Live& live) {
  const auto quotas = readable_quotas(context);
  if (!quotas || live.pods.empty()) return std::nullopt;
  const auto replicas = replicas_of(live.deployment);
  const auto lacking = shortage_for(*quotas, live.pods.front()["spec"], replicas);
  if (!lacking) return std::nullopt;
  return Hindrance{
      .observed = fmt::format("{} of {} {} used", lacking->used, lacking->hard, lacking->name),
      .message = fmt::format("quota '{}' has no room for both colours: {} of {} {} are used, and the next colour's {} "
                             "need {:g} each",
                             lacking->quota, lacking->used, lacking->hard, lacking->name, count_text(replicas, "pod"),
                             lacking->each),
      .recovery = {fmt::format("Raise the quota '{}', or scale something else down.", lacking->quota),
                   "Run the deployment again."}};
}

std::optional<Hindrance> unread_quotas(Context& context, const Live& /*live*/) {
  if (readable_quotas(context)) return std::nullopt;
  return Hindrance{.message = "whether quotas have room for both colours is not known: they may not be listed",
                   .recovery = {"Grant the verb 'list' on 'resourcequotas' to the identity the pipeline uses."}};
}

}  // namespace baton::rollout::obstacle
