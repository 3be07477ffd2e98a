// Wires one run together.
#include "tools/switch/world.h"

#include <cctype>

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

std::string colour_title(const rollout::Move& move) {
  auto title = move.colour;
  if (!title.empty()) title.front() = static_cast<char>(std::toupper(static_cast<unsigned char>(title.front())));
  return title;
}

}  // namespace baton::cutover
