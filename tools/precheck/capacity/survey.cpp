// Reads nodes and pods page by page, and what the namespace says of the release's pods.
#include "tools/precheck/capacity/survey.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "common/config/sections/switch.h"
#include "common/core/printable.h"
#include "common/rollout/autoscalers.h"
#include "common/rollout/pods.h"
#include "common/rollout/strategy.h"
#include "common/rollout/workload.h"
#include "tools/precheck/capacity/limit_range.h"
#include "tools/precheck/capacity/quota.h"

namespace baton::precheck {
namespace {

constexpr std::array<std::string_view, 3> kUnreadOfNodes = {"images", "managedFields", "annotations"};
/// Most of a pod is of no use to a scheduler.
constexpr std::array<std::string_view, 14> kUnreadOfPods = {
    "managedFields",   "annotations",          "env",        "envFrom",
    "volumeMounts",    "containerStatuses",    "conditions", "livenessProbe",
    "readinessProbe",  "startupProbe",         "args",       "command",
    "securityContext", "initContainerStatuses"};

/// The next colour's own size, or what an autoscaler would make of it at once.
int size_of_next(rollout::Context& context, const Look& look, const Json& wanted) {
  auto size = rollout::replicas_of(wanted);
  for (const auto& scaler :
       rollout::autoscalers_of(context, rollout::name_of(look.live().deployment), rollout::name_of(wanted)))
    size = std::max(size, static_cast<int>(scaler["spec"]["minReplicas"].integer_or(1)));
  return size;
}

/// Our own rolling update of a Deployment surges by one; the others end a pod before they begin the next one.
int size_of_surge(const Json& wanted) { return rollout::is_deployment(wanted) ? 1 : 0; }

void take_runtime_class(rollout::Context& context, Json& spec, std::vector<std::string>& refusals) {
  const auto name = std::as_const(spec)["runtimeClassName"].string_or("");
  if (name.empty()) return;
  const auto runtime = context.kube.find(kube::kRuntimeClasses, name, context.stop);
  if (!runtime) {
    refusals.push_back(fmt::format("RuntimeClass '{}' is not there", printable(name, 63)));
    return;
  }
  const auto& overhead = (*runtime)["overhead"]["podFixed"];
  if (std::as_const(spec)["overhead"].is_null() && !overhead.is_null()) spec["overhead"] = overhead;
  for (const auto& [key, value] : (*runtime)["scheduling"]["nodeSelector"].members_or_none())
    spec["nodeSelector"][key] = value;
  for (const auto& toleration : (*runtime)["scheduling"]["tolerations"].items_or_none())
    spec["tolerations"].push_back(toleration);
}

bool has_mode(const Json& claim, std::string_view mode) {
  const auto& modes = claim["spec"]["accessModes"].items_or_none();
  return std::ranges::find(modes, Json(mode)) != modes.end();
}

/// A claim that one node at a time mounts keeps all pods there; one that a single pod mounts is none that two colours
/// can have.
void take_claims(rollout::Context& context, Survey& survey) {
  for (const auto& name : claims_of(survey.world.pod().spec)) {
    const auto claim = context.kube.find(kube::kClaims, name, context.stop);
    if (!claim) {
      survey.refusals.push_back(fmt::format("PersistentVolumeClaim '{}' is not there", printable(name, 63)));
    } else if (has_mode(*claim, "ReadWriteOncePod") && !survey.is_rolled) {
      survey.refusals.push_back(
          fmt::format("PersistentVolumeClaim '{}' is for one pod at a time (ReadWriteOncePod)", printable(name, 63)));
    } else if (!has_mode(*claim, "ReadWriteMany") && !has_mode(*claim, "ReadOnlyMany")) {
      survey.world.pin(name);
    }
  }
}

/// A colour that an earlier release left behind is replaced by this one: its pods make room.
bool is_replaced(const Json& pod, const Survey& survey, const Json& selector) {
  const auto& metadata = pod["metadata"];
  return !survey.is_rolled && metadata["namespace"].string_or("") == survey.world.pod().face.ns &&
         rollout::label_selector_matches(selector, rollout::labels_from(metadata["labels"]));
}

void read_cluster(const Look& look, const Json& selector, Survey& survey) {
  auto& world = survey.world;
  look.visit(kube::kNodes, {.begin = [&] { world.forget_nodes(); },
                            .take = [&](const Json& node) { world.add_node(node); },
                            .without = kUnreadOfNodes});
  look.visit(kube::kAllPods, {.begin = [&] { world.forget_pods(); },
                              .take =
                                  [&](const Json& pod) {
                                    if (!is_replaced(pod, survey, selector)) world.add_pod(pod);
                                  },
                              .without = kUnreadOfPods});
}

}  // namespace

Survey survey(const Look& look) {
  const auto wanted = look.known_next_deployment();
  auto context = look.context();
  const auto ranges = context.kube.list(kube::kLimitRanges, {}, context.stop);
  std::vector<std::string> refusals;
  auto pod_template = wanted["spec"]["template"];
  pod_template["spec"] = with_defaults(std::as_const(pod_template)["spec"], ranges);
  take_runtime_class(context, pod_template["spec"], refusals);
  Survey survey{.world = World(new_pod(pod_template, look.namespace_name())),
                .is_rolled = look.config().rollout().strategy == rollout::kRolling,
                .refusals = std::move(refusals)};
  survey.pods = survey.is_rolled ? size_of_surge(wanted) : size_of_next(context, look, wanted);
  take_claims(context, survey);
  const auto& pod = survey.world.pod();
  if (auto refusal = refusal_of_range(pod.spec, ranges)) survey.refusals.push_back(std::move(*refusal));
  const auto quotas = context.kube.list(kube::kQuotas, {}, context.stop);
  if (auto refusal = refusal_of_quota(quotas, pod, survey.pods)) survey.refusals.push_back(std::move(*refusal));
  read_cluster(look, wanted["spec"]["selector"], survey);
  return survey;
}

}  // namespace baton::precheck
