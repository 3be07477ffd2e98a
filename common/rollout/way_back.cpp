// The way back after an adopted Deployment was changed.
#include "common/rollout/way_back.h"

#include <algorithm>

#include "common/rollout/pods.h"

namespace baton::rollout {

Labels way_back(Context& context, const Move& move) {
  if (!move.selector_before.contains(kTemplateHash)) return move.selector_before;
  const auto old = context.kube.get(kube::kDeployments, move.previous_deployment, context.stop);
  const auto pods = ready_pods(context, old);
  const bool is_there = std::ranges::any_of(
      pods, [&](const Json& pod) { return selects(move.selector_before, labels_from(pod["metadata"]["labels"])); });
  if (is_there || pods.empty()) return move.selector_before;
  return with(move.selector_before, kTemplateHash, pods.front()["metadata"]["labels"][kTemplateHash].string_or(""));
}

}  // namespace baton::rollout
