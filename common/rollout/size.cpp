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
namespace {

/// As it was found; scaled to 0 where it is `id`'s.
std::optional<Json> emptied(Context& context, const Lease& lease, const std::string& deployment,
                            const std::string& id) {
  return until_not_lost([&] {
    auto found = context.kube.find(kube::kDeployments, deployment, context.stop);
    if (!found || id_of(*found) != id || replicas_of(*found) == 0) return found;
    lease.confirm();
    context.kube.scale(kube::kDeployments, *found, 0, context.stop);
    return found;
  });
}

}  // namespace

void raise_to(Context& context, const Lease& lease, const std::string& deployment, int replicas) {
  until_not_lost([&] {
    const auto found = context.kube.get(kube::kDeployments, deployment, context.stop);
    if (replicas_of(found) >= replicas) return;
    lease.confirm();
    context.kube.scale(kube::kDeployments, found, replicas, context.stop);
  });
}

Drained drain(Context& context, const Lease& lease, const std::string& deployment, const std::string& id,
              Duration limit) {
  const auto found = emptied(context, lease, deployment, id);
  if (!found) return {.is_empty = true};
  if (const auto owner = id_of(*found); owner != id) {
    if (owned_pods(context, *found).empty()) return {.is_empty = true};
    return {.message = fmt::format("'{}' carries the deployment id '{}', not '{}': left alone", deployment, owner, id)};
  }
  Wait wait(context.patience(), fmt::format("the pods of '{}' to end", deployment), limit);
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
