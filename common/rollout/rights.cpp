// The table of rights.
#include "common/rollout/rights.h"

#include <fmt/format.h>

#include <array>
#include <utility>

#include "common/core/text.h"

namespace baton::rollout {
namespace {

constexpr std::array kSteps = {std::pair(kPrecheck, "precheck"), std::pair(kSwitch, "switch"),
                               std::pair(kWatch, "watch"), std::pair(kFinalize, "finalize")};

constexpr Steps kLooking = kPrecheck | kSwitch | kWatch;
constexpr Steps kMoving = kSwitch | kWatch;
constexpr Steps kAfter = kSwitch | kWatch | kFinalize;

constexpr std::array kRights = {
    Right{"get", kube::kServices, "", Named::service, Need::always, Back::no, kAllSteps, "who gets the traffic"},
    Right{"patch", kube::kServices, "", Named::service, Need::always, Back::always, kMoving,
          "moves the traffic, there and back, and records the move"},
    Right{"get", kube::kServices, "", Named::services, Need::always, Back::no, kLooking, "they move as one with it"},
    Right{"patch", kube::kServices, "", Named::services, Need::always, Back::always, kMoving,
          "they move as one with it"},
    Right{"list", kube::kServices, "", Named::nothing, Need::colours, Back::no, kPrecheck | kSwitch,
          "others that select the same pods would send them traffic too early"},
    Right{"create", kube::kServices, "", Named::nothing, Need::route, Back::no, kSwitch,
          "the next colour's own, which the route sends its share to"},
    Right{"get", kube::kServices, "", Named::colour_service, Need::route, Back::no, kMoving, "the next colour's own"},
    Right{"delete", kube::kServices, "", Named::colour_service, Need::route, Back::always, kMoving,
          "the next colour's own, once it has all or nothing"},
    Right{"get", kube::kHttpRoutes, "", Named::route, Need::route, Back::no, kLooking, "its weights"},
    Right{"patch", kube::kHttpRoutes, "", Named::route, Need::route, Back::always, kMoving, "gives the share"},

    Right{"get", kube::kDeployments, "", Named::old_colour, Need::deployment, Back::no, kAllSteps, "what serves"},
    Right{"get", kube::kDeployments, "", Named::new_colour, Need::deployment, Back::no, kAllSteps, "the next colour"},
    Right{"get", kube::kDeployments, "", Named::workers, Need::always, Back::no, kLooking, "workers and their pods"},
    Right{"patch", kube::kDeployments, "", Named::workers, Need::always, Back::always, kMoving,
          "workers get the release's image, or the one before"},
    Right{"create", kube::kDeployments, "", Named::nothing, Need::colours, Back::no, kPrecheck | kSwitch,
          "the next colour; before that only tried (dry run)"},
    Right{"update", kube::kDeployments, "", Named::new_colour, Need::deployment, Back::no, kPrecheck | kSwitch,
          "the next colour where it is there already; before that only tried (dry run)"},
    Right{"patch", kube::kDeployments, "", Named::old_colour, Need::deployment, Back::of_rolled, kAfter,
          "adopts it without a restart, or rolls the image over it and back; keeps a killed run's late writes out"},
    Right{"patch", kube::kDeployments, "scale", Named::old_colour, Need::colours, Back::of_colours, kAfter,
          "brings it back to size for a rollback, shrinks it afterwards"},
    Right{"patch", kube::kDeployments, "scale", Named::new_colour, Need::colours, Back::of_colours, kAfter,
          "drains it after a rollback"},
    Right{"delete", kube::kDeployments, "", Named::old_colour, Need::colours, Back::no, kFinalize,
          "the colour that nobody needs any more"},
    Right{"delete", kube::kDeployments, "", Named::new_colour, Need::colours, Back::no, kFinalize,
          "after a rollback the colour that nobody needs any more"},
    Right{"get", kube::kStatefulSets, "", Named::new_colour, Need::stateful_set, Back::no, kLooking, "what serves"},
    Right{"update", kube::kStatefulSets, "", Named::new_colour, Need::stateful_set, Back::no, kPrecheck,
          "tries the release on it (dry run)"},
    Right{"patch", kube::kStatefulSets, "", Named::new_colour, Need::stateful_set, Back::always, kMoving,
          "gives it the release's image, or the one before"},
    Right{"get", kube::kDaemonSets, "", Named::new_colour, Need::daemon_set, Back::no, kLooking, "what serves"},
    Right{"update", kube::kDaemonSets, "", Named::new_colour, Need::daemon_set, Back::no, kPrecheck,
          "tries the release on it (dry run)"},
    Right{"patch", kube::kDaemonSets, "", Named::new_colour, Need::daemon_set, Back::always, kMoving,
          "gives it the release's image, or the one before"},
    Right{"get", kube::kReplicaSets, "", Named::nothing, Need::deployment, Back::no, kLooking,
          "which Deployment the pods behind the Service belong to"},
    Right{"list", kube::kReplicaSets, "", Named::nothing, Need::replica_sets, Back::no, kLooking,
          "which pods belong to a Deployment"},
    Right{"patch", kube::kReplicaSets, "", Named::nothing, Need::adoption, Back::no, kMoving,
          "their pods get the colour's label without a restart"},

    Right{"list", kube::kPods, "", Named::nothing, Need::always, Back::no, kLooking, "which are ready, which crash"},
    Right{"get", kube::kPods, "", Named::nothing, Need::adoption, Back::no, kMoving, "before they get their label"},
    Right{"patch", kube::kPods, "", Named::nothing, Need::adoption, Back::no, kMoving,
          "they get the colour's label without a restart"},
    Right{"delete", kube::kPods, "", Named::nothing, Need::renewal, Back::no, kSwitch,
          "the old colour's, one by one, so that long connections move"},
    Right{"delete", kube::kPods, "", Named::nothing, Need::stateful_set, Back::always, kMoving,
          "one that never gets ready holds up the way back"},
    Right{"get", kube::kPods, "proxy", Named::nothing, Need::questions_to_pods, Back::no, kMoving,
          "smoke tests of each pod before users come, and which version answers"},
    Right{"list", kube::kEndpointSlices, "", Named::nothing, Need::always, Back::no, kMoving,
          "whether traffic has moved, and whether anybody serves"},

    Right{"get", kube::kLeases, "", Named::lease, Need::always, Back::no, kAllSteps,
          "who changes something, and what is remembered"},
    Right{"create", kube::kLeases, "", Named::nothing, Need::always, Back::no, kAfter, "keeps others out"},
    Right{"update", kube::kLeases, "", Named::lease, Need::always, Back::always, kAfter, "takes it"},
    Right{"patch", kube::kLeases, "", Named::lease, Need::always, Back::always, kAfter,
          "renews it, gives it up, remembers on it"},

    Right{"list", kube::kAutoscalers, "", Named::nothing, Need::always, Back::no, kLooking, "which sizes a colour"},
    Right{"get", kube::kAutoscalers, "", Named::nothing, Need::autoscaler, Back::no, kMoving, "before it is aimed"},
    Right{"patch", kube::kAutoscalers, "", Named::nothing, Need::autoscaler, Back::always, kMoving,
          "aims it at the colour that serves, holds scale-down meanwhile"},
    Right{"list", kube::kVerticalAutoscalers, "", Named::nothing, Need::vertical, Back::no, kPrecheck | kSwitch,
          "whether one may evict what serves"},
    Right{"list", kube::kDisruptionBudgets, "", Named::nothing, Need::colours, Back::no, kLooking,
          "which guards a colour"},
    Right{"get", kube::kDisruptionBudgets, "", Named::nothing, Need::budget, Back::no, kMoving,
          "before it is narrowed"},
    Right{"patch", kube::kDisruptionBudgets, "", Named::nothing, Need::budget, Back::always, kMoving,
          "narrows it to the colour that serves"},

    Right{"get", kube::kConfigMaps, "", Named::nothing, Need::configuration, Back::no, kLooking,
          "whether what is there is what the release needs"},
    Right{"list", kube::kConfigMaps, "", Named::nothing, Need::configuration, Back::no, kSwitch,
          "the colours' own copies"},
    Right{"create", kube::kConfigMaps, "", Named::nothing, Need::configuration, Back::no, kSwitch,
          "the next colour's own copies"},
    Right{"patch", kube::kConfigMaps, "", Named::nothing, Need::configuration, Back::no, kSwitch, "whose copy it is"},
    Right{"delete", kube::kConfigMaps, "", Named::nothing, Need::configuration, Back::no, kSwitch,
          "copies that no colour needs any more"},
    Right{"get", kube::kConfigMaps, "", Named::nothing, Need::evidence, Back::no, kMoving,
          "whether a rollback finds the configuration it needs"},
    Right{"list", kube::kQuotas, "", Named::nothing, Need::evidence, Back::no, kLooking,
          "whether there is room for both colours"},
    Right{"get", kube::kPods, "log", Named::nothing, Need::evidence, Back::no, kMoving,
          "the last lines of what failed"},
    Right{"list", kube::kEvents, "", Named::nothing, Need::evidence, Back::no, kMoving, "why a pod does not come up"},

    Right{"get", kube::kConfigMaps, "", Named::nothing, Need::carrier, Back::no, kAfter,
          "`baton-<app>-<id>`, the handoffs for who has no files"},
    Right{"create", kube::kConfigMaps, "", Named::nothing, Need::carrier, Back::no, kSwitch,
          "`baton-<app>-<id>`, as a release is switched"},
    Right{"update", kube::kConfigMaps, "", Named::nothing, Need::carrier, Back::no, kAfter,
          "`baton-<app>-<id>`, with each step's own handoff"},
    Right{"delete", kube::kConfigMaps, "", Named::nothing, Need::carrier, Back::no, kSwitch | kFinalize,
          "`baton-<app>-<id>`, when the release is over"},

    Right{"get", kube::kNamespaces, "", Named::kube_system, Need::look, Back::no, kAllSteps,
          "its uid tells one cluster from another"},
    Right{"list", kube::kNodes, "", Named::nothing, Need::look, Back::no, kPrecheck,
          "whether all are ready, and what they can hold"},
    Right{"list", kube::kNodeMetrics, "", Named::nothing, Need::usage, Back::no, kPrecheck, "what they use"},
    Right{"list", kube::kAllPods, "", Named::nothing, Need::capacity, Back::no, kPrecheck,
          "what is left on each node, whosever pods are there"},
    Right{"list", kube::kLimitRanges, "", Named::nothing, Need::capacity, Back::no, kPrecheck,
          "what they give the release's pods, or refuse"},
    Right{"get", kube::kClaims, "", Named::nothing, Need::capacity, Back::no, kPrecheck,
          "whether volumes keep pods on one node"},
    Right{"get", kube::kRuntimeClasses, "", Named::nothing, Need::capacity, Back::no, kPrecheck,
          "what a pod costs beside its containers, where it names one"},
    Right{"get", kube::kPods, "log", Named::nothing, Need::look, Back::no, kPrecheck,
          "how old the newest line is, where no Loki is named"},
};

}  // namespace

std::span<const Right> rights() { return kRights; }

std::string resource_text(const Right& right) {
  return right.subresource.empty() ? std::string(right.resource.plural)
                                   : fmt::format("{}/{}", right.resource.plural, right.subresource);
}

std::string steps_text(Steps steps) {
  std::vector<std::string> names;
  for (const auto& [step, name] : kSteps) {
    if ((steps & step) != 0) names.emplace_back(name);
  }
  return join(names, ", ");
}

Steps step_named(std::string_view name) {
  for (const auto& [step, known] : kSteps) {
    if (name == known) return step;
  }
  throw Error(ExitCode::usage, fmt::format("'{}' is no step that asks the cluster", name),
              fmt::format("Name one of {}.", steps_text(kAllSteps)));
}

std::string_view when_text(Need need) {
  switch (need) {
    case Need::adoption:
      return "only while the live Deployment carries no colour";
    case Need::autoscaler:
      return "only where one sizes a colour";
    case Need::budget:
      return "only where one guards a colour";
    case Need::configuration:
      return "only where the manifest holds ConfigMaps that its pods name";
    case Need::route:
      return "only for a canary by an HTTPRoute";
    case Need::questions_to_pods:
      return "only where switch.smoke or switch.identify asks pods";
    case Need::renewal:
      return "only with switch.drain: paced";
    case Need::colours:
      return "only where two colours stand beside each other";
    case Need::deployment:
      return "only where a Deployment serves";
    case Need::stateful_set:
      return "only where a StatefulSet is rolled over";
    case Need::daemon_set:
      return "only where a DaemonSet is rolled over";
    case Need::replica_sets:
      return "only where a Deployment serves or works";
    case Need::vertical:
      return "only where the cluster serves them";
    case Need::usage:
      return "only where `node-cpu` or `node-memory` is looked at";
    case Need::capacity:
      return "only where `cluster-capacity` is looked at";
    case Need::always:
    case Need::evidence:
    case Need::carrier:
    case Need::look:
      break;
  }
  return "";
}

}  // namespace baton::rollout
