// The ground of the engine's tests.
#include "tests/common/rollout/ground.h"

#include "common/config/sections/switch.h"
#include "common/rollout/adopt.h"
#include "common/rollout/live.h"
#include "common/rollout/next.h"
#include "common/rollout/ready.h"
#include "common/rollout/swap.h"
#include "common/rollout/wearers.h"

namespace baton::rollout {

Ground::Ground(const test::PlaygroundSettings& settings)
    : playground(settings), kube(playground.client(clock)), http({}, Environment(), clock) {
  config.app = "myapp";
  config.image = playground.image();
  config.rollout().ready_timeout = std::chrono::seconds(20);
  config.rollout().smoke = {{.path = "/health"}, {.path = "/api/users", .kind = "api"}};
  config.rollout().identify = {.header = "X-App-Version"};
}

Context Ground::context(const std::string& id) {
  return {.kube = kube,
          .config = config,
          .clock = clock,
          .http = http,
          .stop = {},
          .app = "myapp",
          .id = id,
          .say = [this](const std::string& text) { said.push_back(text); }};
}

Move Ground::release(const std::string& version, const std::string& id) {
  playground.set_fault(version);
  auto here = context(id);
  auto lease = Lease::acquire(here, Claim::wait);
  const auto live = find_live(here);
  auto move = plan_move(here, live, version, "sha256:" + std::string(64, version.back()));
  adopt(here, lease, move);
  clear_colour(here, lease, move);
  const NextColour next{.name = move.deployment,
                        .colour = move.colour,
                        .label = move.label,
                        .image = playground.image() + ":" + version,
                        .repository = playground.image(),
                        .id = id,
                        .version = version,
                        .live_replicas = move.replicas,
                        .selector = move.selector_after};
  kube.create(kube::kDeployments, next_deployment(live.deployment, next));
  if (!await_ready(here, {.deployment = move.deployment, .replicas = move.replicas}).is_ready) {
    throw std::runtime_error(move.deployment + " did not become ready");
  }
  move.phase = Phase::switching;
  move.patched_at = clock.now();
  move_selector(here, lease, move.selector_before, move.selector_after, move);
  move.phase = Phase::kept;
  move.proved_at = clock.now();
  record_move(here, lease, move);
  return move;
}

Labels Ground::selector() { return labels_from(kube.get(kube::kServices, "myapp")["spec"]["selector"]); }

}  // namespace baton::rollout
