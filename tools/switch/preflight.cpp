// The preflight.
#include "tools/switch/preflight.h"

#include <fmt/format.h>

#include <algorithm>

#include "common/core/text.h"
#include "common/rollout/adopt.h"
#include "common/rollout/masked.h"
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

StepResult preview(World& world, const std::string& digest) {
  const auto found = preflight(world, digest);
  const auto& move = found.move;
  StepResult result{.verdict = found.is_refused ? Verdict::stop : Verdict::proceed, .findings = found.obstacles};
  if (move.rolled)
    result.summary = fmt::format("Would roll {} of '{}' over to '{}', one more at a time and none missing",
                                 count_text(move.replicas, "pod"), move.deployment,
                                 rollout::pinned_image(world.env.config, move.digest));
  else
    result.summary =
      fmt::format("Would {}bring up '{}' with {} of '{}', then move '{}' from '{}' to '{}'",
                  move.adopted ? "adopt '" + move.previous_deployment + "', " : "", move.deployment,
                  count_text(found.wanted["spec"]["replicas"].integer(), "replica"),
                  rollout::pinned_image(world.env.config, move.digest), move.service,
                  rollout::selector_text(move.selector_before), rollout::selector_text(move.selector_after));
  result.record = Json::object({{"move", rollout::to_json(move)}, {"deployment", rollout::masked(found.wanted)}});
  return result;
}

}  // namespace baton::cutover
