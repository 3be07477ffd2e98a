// Wires one run together.
#include "tools/switch/world.h"

#include <cctype>

#include "common/rollout/pods.h"
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

judge::Scope scope_of(World& world, const rollout::Move& move, Side side) {
  const bool is_new = side == Side::after;
  const auto& deployment = is_new ? move.deployment : move.previous_deployment;
  return {.app = world.context.app,
          .namespace_ = world.kube.namespace_name(),
          .colour = is_new ? move.colour : move.previous_colour,
          .version = is_new ? move.version : "",
          .deployment = deployment,
          .pods = rollout::pods_of(world.context, deployment)};
}

std::string colour_title(const rollout::Move& move) {
  auto title = move.colour;
  if (!title.empty()) title.front() = static_cast<char>(std::toupper(static_cast<unsigned char>(title.front())));
  return title;
}

}  // namespace baton::cutover
