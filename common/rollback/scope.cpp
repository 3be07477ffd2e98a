// From moves to scopes: rollout and judge do not know each other.
#include "common/rollback/scope.h"

#include <algorithm>
#include <set>

#include "common/config/sections/precheck.h"
#include "common/rollout/live.h"
#include "common/rollout/pods.h"
#include "common/rollout/wanted.h"

namespace baton::rollback {
namespace {

/// Both colours, and what was there before there were colours.
std::vector<std::string> may_have_served(const rollout::Context& context, std::set<std::string> deployments) {
  const auto service = rollout::service_name(context.config);
  deployments.insert({context.app, service, service + "-blue", service + "-green"});
  deployments.erase("");
  return {deployments.begin(), deployments.end()};
}

/// Of a rolling update both are of one Deployment: the image tells them apart.
std::vector<std::string> pods_rolled(rollout::Context& context, const rollout::Move& move, Side side) {
  const auto found = context.kube.find(kube::kDeployments, move.deployment, context.stop);
  std::vector<std::string> pods;
  if (!found) return pods;
  for (const auto& set : rollout::owned_sets(context, *found)) {
    const bool is_new = rollout::has_image(set, rollout::pinned_image(context.config, move.digest));
    if (is_new == (side == Side::after)) pods.push_back(rollout::pods_made_by(rollout::name_of(set)));
  }
  std::ranges::sort(pods);
  return pods;
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
          .pods = move.rolled ? pods_rolled(context, move, side) : rollout::pods_of(context, deployment),
          .deployments = may_have_served(context, {move.deployment, move.previous_deployment})};
}

judge::Scope scope_of(rollout::Context& context, const rollout::Live& live) {
  const auto& deployment = rollout::name_of(live.deployment);
  return {.app = context.app,
          .namespace_ = context.kube.namespace_name(),
          .colour = live.colour,
          .version = {},
          .deployment = deployment,
          .pods = rollout::pods_of(context, deployment),
          .deployments = may_have_served(context, {deployment})};
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
