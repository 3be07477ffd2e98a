// What the hooks found goes with all that was found.
#include "tools/switch/hooks.h"

#include <algorithm>
#include <iterator>

#include "common/config/sections/hooks.h"
#include "common/rollout/hooks.h"
#include "tools/switch/deploy.h"

namespace baton::cutover {
namespace {

bool call_hooks(World& world, Attempt& attempt, rollout::HookEvent event, const Stage& stage) {
  auto found = rollout::run_hooks(world.context, attempt.move, event, stage.name);
  const bool is_well = found.empty() || found.back().outcome == Outcome::pass;
  std::ranges::move(found, std::back_inserter(attempt.findings));
  return is_well;
}

}  // namespace

bool may_take(World& world, Attempt& attempt, const Stage& stage) {
  if (world.env.config.hooks().before_stage.empty()) return true;
  if (!call_hooks(world, attempt, rollout::HookEvent::before_stage, stage)) return false;
  return attempt.move.rolled || grow(world, *world.context.lease, attempt, stage.share);
}

bool may_keep(World& world, Attempt& attempt, const Stage& stage) {
  return call_hooks(world, attempt, rollout::HookEvent::after_stage, stage);
}

}  // namespace baton::cutover
