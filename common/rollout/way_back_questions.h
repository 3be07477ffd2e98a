// What a rollback needs of the world, asked one by one.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "common/rollout/rollback_readiness.h"

namespace baton::rollout::way_back {

struct Look {
  Context& context;
  const Move& move;
  const WayBackFacts& facts;
  const std::optional<Json>& deployment;  ///< that a rollback brings back
  const std::string& name;                ///< its
  const Json& spec;                       ///< of its pods
  int wanted = 0;
  int ready = 0;
  bool starts_pods = true;  ///< a rollback cannot do without new ones
};

struct Answer {
  Outcome outcome = Outcome::pass;
  std::string observed = {};
  std::string message = {};
  std::vector<std::string> recovery = {};
};
/// Nothing: there is nothing to say.
using Answers = std::optional<Answer>;

Answers deployment(Look& look);
Answers size(Look& look);
Answers image(Look& look);
Answers configuration(Look& look);
Answers room(Look& look);
Answers autoscaler(Look& look);
Answers rights(Look& look);
Answers credentials(Look& look);

}  // namespace baton::rollout::way_back
