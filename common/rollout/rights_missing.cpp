// Which rights the API server would refuse.
#include <fmt/format.h>

#include "common/config/sections/switch.h"
#include "common/rollout/autoscalers.h"
#include "common/rollout/budgets.h"
#include "common/rollout/lease.h"
#include "common/rollout/manifest.h"
#include "common/rollout/pods.h"
#include "common/rollout/rights.h"
#include "common/rollout/smoke.h"
#include "common/rollout/workload.h"

namespace baton::rollout {
namespace {

std::vector<std::string> names_for(Named named, const Context& context, const Move& move) {
  std::vector<std::string> workers;
  switch (named) {
    case Named::service:
      return {move.service};
    case Named::lease:
      return {lease_name(context)};
    case Named::old_colour:
      return {move.rolled ? move.deployment : move.previous_deployment};
    case Named::new_colour:
      return {move.deployment};
    case Named::workers:
      for (const auto& worker : move.workers) workers.push_back(worker.name);
      return workers;
    case Named::route:
      return {move.route};
    case Named::colour_service:
      return {move.deployment};
    case Named::services:
      return move.services;
    case Named::kube_system:
    case Named::nothing:
      break;
  }
  return {""};
}

bool is_needed(Need need, Context& context, const Move& move) {
  const auto kind = workloads_of(move).kind;
  switch (need) {
    case Need::adoption:
      return move.labels;
    case Need::autoscaler:
      return !move.rolled && !autoscalers_of(context, move.previous_deployment, move.deployment).empty();
    case Need::budget:
      return !move.rolled && !budgets_of(context, colours_of(context, move)).following.empty();
    case Need::configuration:
      return !move.config_maps.empty();
    case Need::route:
      return !move.route.empty();
    case Need::questions_to_pods:
      return !context.config.rollout().smoke.empty() || can_identify(context.config);
    case Need::renewal:
      return context.config.rollout().renews_old && !move.rolled;
    case Need::colours:
      return !move.rolled;
    case Need::deployment:
      return kind == kube::kDeployments.kind;
    case Need::stateful_set:
      return kind == kube::kStatefulSets.kind;
    case Need::daemon_set:
      return kind == kube::kDaemonSets.kind;
    case Need::replica_sets:
      return kind == kube::kDeployments.kind || !move.workers.empty();
    case Need::look:
    case Need::usage:
    case Need::capacity:
    case Need::vertical:
      return false;
    case Need::always:
    case Need::evidence:
    case Need::carrier:
      break;
  }
  return true;
}

bool is_written_back(Back back, const Move& move) {
  switch (back) {
    case Back::no:
      return false;
    case Back::always:
      return true;
    case Back::of_colours:
      return !move.rolled;
    case Back::of_rolled:
      return move.rolled.has_value();
  }
  return false;
}

std::string text_of(const Right& right, const std::string& name) {
  return fmt::format("{} {}{}", right.verb, resource_text(right), name.empty() ? "" : " '" + name + "'");
}

void add_if_missing(Context& context, const Right& right, const std::string& name, std::vector<std::string>& missing) {
  if (!context.kube.may(right.verb, right.resource, right.subresource, name, context.stop))
    missing.push_back(text_of(right, name));
}

void add_missing(Context& context, const Move& move, const Right& right, std::vector<std::string>& missing) {
  for (const auto& name : names_for(right.named, context, move)) add_if_missing(context, right, name, missing);
}

/// Of those that a release can do without, each kind has a list of its own.
std::vector<std::string>& list_for(Need need, MissingRights& missing) {
  if (need == Need::evidence) return missing.for_evidence;
  return need == Need::carrier ? missing.for_carrier : missing.needed;
}

/// Of a kind that the cluster does not serve nothing: that is an obstacle of its own.
void add_missing_to_apply(Context& context, const Move& move, std::vector<std::string>& missing) {
  if (move.applied.empty()) return;
  const auto manifest = manifest_of(context.config);
  for (const auto& object : manifest ? manifest->beside : std::vector<Json>{}) {
    const auto kind =
        context.kube.find_kind(object["apiVersion"].string_or(""), object["kind"].string_or(""), context.stop);
    if (!kind || is_configuration(*manifest, object)) continue;
    const auto resource = kind->resource();
    add_if_missing(context, {.verb = "create", .resource = resource}, "", missing);
    add_if_missing(context, {.verb = "patch", .resource = resource}, name_of(object), missing);
  }
}

}  // namespace

MissingRights missing_rights(Context& context, const Move& move) {
  MissingRights missing;
  for (const auto& right : rights()) {
    const bool is_of_later = (right.steps & ~kPrecheck) != 0;
    if (!is_of_later || !is_needed(right.need, context, move)) continue;
    add_missing(context, move, right, list_for(right.need, missing));
  }
  add_missing_to_apply(context, move, missing.needed);
  return missing;
}

std::vector<std::string> missing_rights_back(Context& context, const Move& move) {
  std::vector<std::string> missing;
  for (const auto& right : rights()) {
    if (is_written_back(right.back, move) && is_needed(right.need, context, move))
      add_missing(context, move, right, missing);
  }
  return missing;
}

}  // namespace baton::rollout
