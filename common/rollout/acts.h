// What a move does to the cluster, act by act, and how each act is taken back.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "common/rollout/context.h"
#include "common/rollout/lease.h"
#include "common/rollout/move.h"

namespace baton::rollout {

/// What acts are done with.
struct Acting {
  Context& context;
  Lease& lease;
  Move& move;
  const Json& wanted = {};  ///< the next colour's Deployment; only until traffic goes over
};

/// Both ways are idempotent, so that whoever comes after a kill does it again.
struct Act {
  std::string_view id;
  std::string_view does;  ///< "label the live pods": behind "could not"
  void (*perform)(Acting&) = nullptr;
  void (*take_back)(Acting&) = nullptr;  ///< unset: it harms nobody and stays
};

/// What serves is made ready to stand beside another colour.
std::span<const Act> adoption();
/// The next colour comes, without traffic.
std::span<const Act> arrival();
/// Before a canary gets its first share.
std::span<const Act> sharing();
/// Once new connections are proved to reach the next colour.
std::span<const Act> following();

void perform(std::span<const Act> acts, Acting acting);
/// For acts that no user waits for: one that fails is a warning, and the others are done.
std::vector<Finding> perform_each(std::span<const Act> acts, Acting acting);
std::vector<Finding> take_back_each(std::span<const Act> acts, Acting acting);
/// The last one first.
void take_back(std::span<const Act> acts, Acting acting);

/// Before traffic moved: sharing, arrival and adoption are taken back, and the record forgotten.
void abandon(Context& context, Lease& lease, Move& move);

}  // namespace baton::rollout
