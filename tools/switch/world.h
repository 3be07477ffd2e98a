// What all parts of one run share: clients, the rollout context, the metrics store.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "common/clients/kube/client.h"
#include "common/clients/prometheus/client.h"
#include "common/rollout/context.h"
#include "common/rollout/move.h"
#include "common/step/env.h"

namespace baton::cutover {

struct World {
  /// `id` of the deployment that changes things; of a look whatever.
  World(Env& surroundings, std::string id);
  World(const World&) = delete;
  World& operator=(const World&) = delete;

  Env& env;
  kube::Client kube;
  HttpClient http;
  rollout::Context context;
  std::optional<prometheus::Client> store;  ///< nothing: no metrics are configured

  std::string evidence_folder() const { return (env.dir / "evidence").string(); }
};

/// Those of a Deployment; none where it is not there.
std::vector<Json> ready_pods_of(World& world, const std::string& deployment);
/// Those of what has the release.
std::vector<Json> ready_pods_of(World& world, const rollout::Move& move);

/// "Green" of "green"; the Deployment's name where there is no colour.
std::string colour_title(const rollout::Move& move);

}  // namespace baton::cutover
