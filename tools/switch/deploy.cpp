// Bringing up the next colour.
#include "tools/switch/deploy.h"

#include <fmt/format.h>

#include <algorithm>

#include "common/config/sections/switch.h"
#include "common/core/text.h"
#include "common/rollout/acts.h"
#include "common/rollout/control.h"
#include "common/rollout/live.h"
#include "common/rollout/named_objects.h"
#include "common/rollout/next.h"
#include "common/rollout/ready.h"
#include "common/rollout/size.h"
#include "common/rollout/smoke.h"
#include "common/rollout/wanted.h"
#include "common/rollout/wearers.h"
#include "tools/switch/live_guard.h"
#include "tools/switch/rehearsal.h"
#include "tools/switch/stages.h"

namespace baton::cutover {
namespace {

constexpr Duration kSettled = std::chrono::seconds(1);

rollout::Readiness ready_with(World& world, const rollout::Move& move, int replicas) {
  return rollout::await_ready(world.context, {.deployment = move.deployment,
                                              .image = rollout::pinned_image(world.env.config, move.digest),
                                              .replicas = replicas,
                                              .limit = world.env.config.rollout().ready_timeout,
                                              .settled = kSettled});
}

int size_of(World& world, const std::string& deployment) {
  const auto found = world.kube.find(kube::kDeployments, deployment, world.context.stop);
  return found ? rollout::replicas_of(*found) : 0;
}

int live_size(World& world, const rollout::Move& move) {
  return rollout::without_control(move, size_of(world, move.previous_deployment));
}

bool smoke_all(World& world, Attempt& attempt, const std::vector<Json>& pods) {
  const auto service = rollout::find_service(world.context);
  const auto findings = rollout::smoke(world.context, service, pods);
  attempt.findings.insert(attempt.findings.end(), findings.begin(), findings.end());
  const auto failed = std::ranges::find(attempt.findings, Outcome::fail, &Finding::outcome);
  if (failed == attempt.findings.end()) return true;
  std::rotate(failed, failed + 1, attempt.findings.end());
  return false;
}

/// Through a route weights give the share, and the pods must bear all of it.
int share_by_pods(const rollout::Move& move, int share) { return move.route.empty() ? share : kAll; }

struct Size {
  int replicas = 0;
  int share = kAll;  ///< percent of the traffic that they are for
};

/// Ready, as many as what serves asks for by then, and smoked.
bool make_ready(World& world, rollout::Lease& lease, Attempt& attempt, Size size) {
  const auto& move = attempt.move;
  auto readiness = ready_with(world, move, size.replicas);
  // Whoever scaled what serves meanwhile scaled it for the traffic that comes over now.
  const auto asked = [&] { return pods_for(size.share, live_size(world, move)); };
  for (int needed = asked(); readiness.is_ready && needed > size.replicas; needed = asked()) {
    world.context.say(fmt::format("{} grew meanwhile: {} follows to {}", move.previous_deployment, move.colour,
                                  count_text(needed, "replica")));
    size.replicas = needed;
    rollout::raise_to(world.context, lease, move.deployment, needed);
    readiness = ready_with(world, move, needed);
  }
  attempt.findings.push_back(readiness.finding);
  if (!readiness.is_ready) return false;
  world.context.say(fmt::format("All {} pods ready ({}/{})", move.colour, readiness.pods.size(), size.replicas));
  const bool has_passed = smoke_all(world, attempt, readiness.pods);
  if (!world.env.config.rollout().smoke.empty()) {
    world.context.say(fmt::format("Smoke tests on {}: {}", move.colour, has_passed ? "PASS" : "FAIL"));
  }
  return has_passed;
}

/// Said before it happens, so that a release that is stopped half way says it, too.
void tell_not_restored(Attempt& attempt, const Json& wanted) {
  const auto secrets = rollout::secrets_of(wanted);
  const auto& applied = attempt.move.applied;
  if (secrets.empty() && applied.empty()) return;
  std::vector<std::string> left;
  if (!applied.empty()) left.push_back(join(applied, ", ") + " of the manifest");
  if (!secrets.empty()) left.push_back("what the Secrets '" + join(secrets, "', '") + "' hold");
  attempt.findings.push_back({.id = "configuration-of-colour",
                              .sop = "2c.1",
                              .title = "The next colour's configuration is recorded",
                              .outcome = Outcome::pass,
                              .message = "a rollback does not restore " + join(left, ", nor ")});
}

}  // namespace

bool bring_up(World& world, rollout::Lease& lease, Attempt& attempt, const Json& wanted, int share) {
  auto& move = attempt.move;
  share = share_by_pods(move, share);
  auto sized = wanted;
  if (share < kAll) sized["spec"]["replicas"] = pods_for(share, rollout::replicas_of(wanted));
  const rollout::Acting acting{.context = world.context, .lease = lease, .move = move, .wanted = sized};
  rollout::perform(rollout::adoption(), acting);
  LiveGuard guard(world, lease, move);
  tell_not_restored(attempt, wanted);
  rollout::perform(rollout::arrival(), acting);
  const auto replicas = rollout::replicas_of(sized);
  world.context.say(fmt::format("{} deployment created ({})", colour_title(move), count_text(replicas, "replica")));
  const bool is_well =
      make_ready(world, lease, attempt, {.replicas = replicas, .share = share}) && rehearse(world, lease, attempt);
  guard.look();
  return is_well;
}

bool grow(World& world, rollout::Lease& lease, Attempt& attempt, int share) {
  share = share_by_pods(attempt.move, share);
  const auto& deployment = attempt.move.deployment;
  const auto replicas = std::max(pods_for(share, live_size(world, attempt.move)), size_of(world, deployment));
  rollout::raise_to(world.context, lease, deployment, replicas);
  return make_ready(world, lease, attempt, {.replicas = replicas, .share = share});
}

}  // namespace baton::cutover
