// From moves to scopes: rollout and judge do not know each other.
#include "common/rollback/scope.h"

#include <algorithm>
#include <set>

#include "common/config/sections/precheck.h"
#include "common/rollout/live.h"
#include "common/rollout/pods.h"
#include "common/rollout/wanted.h"
#include "common/rollout/workload.h"

namespace baton::rollback {
namespace {

/// Both colours, and what was there before there were colours.
std::vector<std::string> may_have_served(const rollout::Context& context, std::set<std::string> deployments) {
  const auto service = rollout::service_name(context.config);
  deployments.insert({context.app, service, service + "-blue", service + "-green"});
  deployments.erase("");
  return {deployments.begin(), deployments.end()};
}

/// Of a rolling update both are of one workload: the image tells them apart.
std::vector<std::string> pods_rolled(rollout::Context& context, const rollout::Move& move, Side side) {
  const auto found = rollout::find_workload(context, move);
  std::vector<std::string> pods;
  if (!found) return pods;
  const auto image = rollout::pinned_image(context.config, move.digest);
  const auto add = [&](bool is_new, std::string name) {
    if (is_new == (side == Side::after)) pods.push_back(std::move(name));
  };
  if (rollout::is_deployment(*found)) {
    for (const auto& set : rollout::owned_sets(context, *found))
      add(rollout::has_image(set, image), rollout::pods_made_by(rollout::name_of(set)));
  } else {
    for (const auto& pod : rollout::owned_pods(context, *found))
      add(rollout::runs_image(pod, image), rollout::name_of(pod));
  }
  std::ranges::sort(pods);
  return pods;
}

std::vector<std::string> pods_beside(rollout::Context& context, const std::string& deployment) {
  const auto found = context.kube.find(kube::kDeployments, deployment, context.stop);
  return found ? rollout::pods_of(context, *found) : std::vector<std::string>{};
}

}  // namespace

judge::Scope scope_of(rollout::Context& context, const rollout::Move& move, Side side) {
  const bool is_new = side == Side::after;
  const auto& deployment = is_new || move.rolled ? move.deployment : move.previous_deployment;
  return {.app = context.app,
          .namespace_ = context.kube.namespace_name(),
          .colour = is_new ? move.colour : move.previous_colour,
          .version = is_new ? move.version : "",
          .deployment = deployment,
          .pods = move.rolled ? pods_rolled(context, move, side) : pods_beside(context, deployment),
          // What names its pods alike for every release served a day ago, too: they are found by its own name.
          .deployments = rollout::workloads_of(move).kind == kube::kDeployments.kind
                             ? may_have_served(context, {move.deployment, move.previous_deployment})
                             : std::vector<std::string>{}};
}

judge::Scope scope_of(rollout::Context& context, const rollout::Live& live) {
  const auto& deployment = rollout::name_of(live.deployment);
  return {.app = context.app,
          .namespace_ = context.kube.namespace_name(),
          .colour = live.colour,
          .version = {},
          .deployment = deployment,
          .pods = rollout::pods_of(context, live.deployment),
          .deployments = rollout::is_deployment(live.deployment) ? may_have_served(context, {deployment})
                                                                 : std::vector<std::string>{}};
}

/// What another version wrote, or a person, is no reason to judge by nothing.
std::optional<judge::Baseline> recorded_baseline(const rollout::Move& move) {
  try {
    return move.baseline.is_null() ? std::nullopt : std::optional(judge::baseline_from_json(move.baseline));
  } catch (const Error&) {
    return std::nullopt;
  }
}

judge::Criteria criteria_for(const Config& config, judge::Baseline baseline) {
  return {.config = config, .baseline = std::move(baseline), .not_applicable = config.precheck().not_applicable};
}

}  // namespace baton::rollback
