// What all parts of one run share: clients, the rollout context, the metrics store.
#pragma once

#include <optional>
#include <string>

#include "common/cli/tool.h"
#include "common/clients/kube.h"
#include "common/clients/prometheus.h"
#include "common/judge/judge.h"
#include "common/rollout/rollout.h"

namespace baton::cutover {

struct Passage {
  /// `id` of the deployment that changes things; of a look whatever.
  Passage(Env& surroundings, std::string id);
  Passage(const Passage&) = delete;
  Passage& operator=(const Passage&) = delete;

  Env& env;
  kube::Client kube;
  HttpClient http;
  rollout::Context context;
  std::optional<prometheus::Client> store;  ///< nothing: no metrics are configured

  std::string evidence_folder() const { return (env.dir / "evidence").string(); }
};

enum class Side { before, after };
/// The pods of the old or the new colour of a move, as queries mean them.
judge::Scope scope_of(Passage& passage, const rollout::Move& move, Side side);

/// "Green" of "green"; the Deployment's name where there is no colour.
std::string colour_title(const rollout::Move& move);

}  // namespace baton::cutover
