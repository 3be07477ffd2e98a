// The preflight.
#include "tools/switch/preflight.h"

#include <fmt/format.h>

#include <algorithm>

#include "common/config/sections/kubernetes.h"
#include "common/io/files.h"
#include "common/rollout/adopt.h"
#include "common/rollout/next.h"
#include "common/rollout/refusals.h"

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

std::string pinned_image(const Config& config, const std::string& digest) {
  return rollout::repository_of(config.image) + "@" + digest;
}

Json wanted_for(World& world, const rollout::Move& move, const Json& live_deployment) {
  const auto& config = world.env.config;
  const auto& manifest = config.kubernetes().manifest;
  const auto model =
      manifest.empty() ? live_deployment : rollout::deployment_from_manifest(read_file(manifest), manifest);
  return rollout::next_deployment(model, {.name = move.deployment,
                                          .colour = move.colour,
                                          .label = move.label,
                                          .image = pinned_image(config, move.digest),
                                          .container = config.kubernetes().container,
                                          .repository = rollout::repository_of(config.image),
                                          .id = move.id,
                                          .version = move.version,
                                          .live_replicas = move.replicas,
                                          .selector = move.selector_after});
}

Preflight preflight(World& world, const std::string& digest, Since since) {
  Preflight found{.live = rollout::find_live(world.context)};
  if (since == Since::precheck) require_unchanged(world, found.live);
  found.move = rollout::plan_move(world.context, found.live, world.env.release.version, digest);
  found.wanted = wanted_for(world, found.move, found.live.deployment);
  found.obstacles = rollout::look_for_obstacles(world.context, found.live);
  found.is_refused =
      std::ranges::any_of(found.obstacles, [](const Finding& one) { return one.outcome == Outcome::fail; });
  return found;
}

}  // namespace baton::cutover
