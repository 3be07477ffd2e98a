// Wires one run together.
#include "tools/switch/world.h"

#include <cctype>

#include "common/rollout/pods.h"
#include "common/rollout/workload.h"
#include "common/step/connect.h"

namespace baton::cutover {

World::World(Env& surroundings, std::string id)
    : env(surroundings),
      kube(connect_cluster(env)),
      http(env.http()),
      context(context_for(env, kube, http)),
      store(connect_metrics_if_configured(env)) {
  context.id = std::move(id);
  context.say = [this](const std::string& text) {
    env.log.info(text);
    env.log_line(text);
  };
}

std::vector<Json> ready_pods_of(World& world, const std::string& deployment) {
  const auto found = world.kube.find(kube::kDeployments, deployment, world.context.stop);
  return found ? rollout::ready_pods(world.context, *found) : std::vector<Json>{};
}

std::vector<Json> ready_pods_of(World& world, const rollout::Move& move) {
  const auto found = rollout::find_workload(world.context, move);
  return found ? rollout::ready_pods(world.context, *found) : std::vector<Json>{};
}

std::string colour_title(const rollout::Move& move) {
  auto title = move.colour;
  if (!title.empty()) title.front() = static_cast<char>(std::toupper(static_cast<unsigned char>(title.front())));
  return title;
}

}  // namespace baton::cutover
