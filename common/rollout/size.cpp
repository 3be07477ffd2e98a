// The size of a colour.
#include "common/rollout/size.h"

#include <fmt/format.h>

#include "common/core/text.h"
#include "common/core/units.h"
#include "common/io/wait.h"
#include "common/rollout/conflict.h"
#include "common/rollout/next.h"
#include "common/rollout/pods.h"

namespace baton::rollout {

void raise_to(Context& context, const std::string& deployment, int replicas) {
  until_not_lost([&] {
    if (replicas_of(context.kube.get(kube::kDeployments, deployment, context.stop)) >= replicas) return;
    context.kube.scale(kube::kDeployments, deployment, replicas, context.stop);
  });
}

Drained drain(Context& context, const std::string& deployment, const std::string& id, Duration limit) {
  const auto found = context.kube.find(kube::kDeployments, deployment, context.stop);
  if (!found) return {.is_empty = true};
  if (const auto owner = id_of(*found); owner != id) {
    if (owned_pods(context, *found).empty()) return {.is_empty = true};
    return {.message = fmt::format("'{}' carries the deployment id '{}', not '{}': left alone", deployment, owner, id)};
  }
  Wait wait(context.patience(), fmt::format("the pods of '{}' to end", deployment), limit);
  if (replicas_of(*found) > 0)
    until_not_lost([&] { context.kube.scale(kube::kDeployments, deployment, 0, context.stop); });
  for (;;) {
    auto left = owned_pods(context, *found);
    std::erase_if(left, is_finished);
    if (left.empty()) return {.is_empty = true, .took = wait.elapsed()};
    if (wait.is_over()) {
      return {
          .took = wait.elapsed(),
          .message = fmt::format("{} of '{}' did not end within {}",
                                 count_text(static_cast<long long>(left.size()), "pod"), deployment, to_words(limit))};
    }
    wait.pause(std::chrono::milliseconds(200), count_text(static_cast<long long>(left.size()), "pod"));
  }
}

}  // namespace baton::rollout
