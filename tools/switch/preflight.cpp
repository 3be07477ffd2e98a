// The preflight.
#include "tools/switch/preflight.h"

#include <fmt/format.h>

#include <algorithm>

#include "common/rollout/adopt.h"
#include "common/rollout/refusals.h"
#include "common/rollout/wanted.h"

namespace baton::cutover {
namespace {

std::string live_in(const Handoff& handoff) { return handoff.targets.empty() ? "" : handoff.targets.front().live; }

/// What precheck saw serving; empty when it did not run or could not tell.
std::string live_at_precheck(const View& env) {
  if (const auto* precheck = find_step(env.earlier, "precheck")) return live_in(*precheck);
  return env.previous ? live_in(*env.previous) : "";
}

void require_unchanged(const World& world, const rollout::Live& live) {
  const auto seen = live_at_precheck(world.env);
  const auto now = rollout::name_of(live.deployment) + "@" + rollout::image_of(live.deployment, world.env.config);
  if (seen.empty() || seen == now) return;
  throw Error(ExitCode::handoff,
              fmt::format("live is '{}', but precheck saw '{}': another release went live since", now, seen),
              "Run baton-precheck again for what is live now.");
}

}  // namespace

Preflight preflight(World& world, const std::string& digest, Since since) {
  Preflight found{.live = rollout::find_live(world.context)};
  if (since == Since::precheck) require_unchanged(world, found.live);
  found.move = rollout::plan_move(world.context, found.live, world.env.release.version, digest);
  found.wanted = rollout::wanted_deployment(world.env.config, found.move, found.live.deployment);
  found.obstacles = rollout::look_for_obstacles(world.context, found.live);
  found.is_refused =
      std::ranges::any_of(found.obstacles, [](const Finding& one) { return one.outcome == Outcome::fail; });
  return found;
}

}  // namespace baton::cutover
