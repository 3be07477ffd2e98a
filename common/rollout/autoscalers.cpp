// HorizontalPodAutoscalers: held, aimed and released, each by compare-and-swap.
#include "common/rollout/autoscalers.h"

#include <fmt/format.h>

#include <algorithm>

#include "common/io/wait.h"
#include "common/rollout/change.h"
#include "common/rollout/intent.h"
#include "common/rollout/pods.h"

namespace baton::rollout {
namespace {

using namespace std::chrono_literals;

constexpr Duration kWindow = 300s;   // scaleDown.stabilizationWindowSeconds where nobody gives it
constexpr Duration kTwoLooks = 30s;  // of the controller: until then its status may be of what it sized before
constexpr Duration kPatience = 60s;  // more: new pods have no figures for some of its looks
constexpr std::string_view kDisabled = "Disabled";

std::string target_of(const Json& autoscaler) {
  const auto& target = autoscaler["spec"]["scaleTargetRef"];
  return target["kind"].string_or("") == "Deployment" ? target["name"].string_or("") : "";
}

bool is_held(const Json& autoscaler) {
  return autoscaler["metadata"]["annotations"].find(kBehaviorAnnotation) != nullptr;
}

/// Its owner's own.
Json behavior_of(const Json& autoscaler) {
  const auto* kept = autoscaler["metadata"]["annotations"].find(kBehaviorAnnotation);
  if (kept == nullptr) return autoscaler["spec"]["behavior"];
  return parse_json(kept->string(), fmt::format("annotation {} of '{}'", kBehaviorAnnotation, name_of(autoscaler)));
}

/// How long after the traffic moved its scale-down is held.
Duration hold_of(const Json& autoscaler) {
  const auto seconds = behavior_of(autoscaler)["scaleDown"]["stabilizationWindowSeconds"];
  return seconds.is_null() ? kWindow : std::max<Duration>(std::chrono::seconds(seconds.integer()), kTwoLooks);
}

/// The annotation keeps what the owner had, in the same patch that changes it.
void add_hold(Json& operations, const Json& autoscaler) {
  if (is_held(autoscaler)) return;
  const auto& behavior = autoscaler["spec"]["behavior"];
  auto held = behavior.is_null() ? Json::object() : behavior;
  held["scaleDown"]["selectPolicy"] = kDisabled;
  add_annotation(operations, autoscaler, kBehaviorAnnotation, to_text(behavior));
  operations.push_back(operation("add", "/spec/behavior", held));
}

void add_aim(Json& operations, const Json& autoscaler, const std::string& deployment) {
  if (target_of(autoscaler) == deployment) return;
  operations.push_back(operation("replace", "/spec/scaleTargetRef/name", deployment));
}

void add_release(Json& operations, const Json& autoscaler) {
  if (!is_held(autoscaler)) return;
  const bool is_ours = autoscaler["spec"]["behavior"]["scaleDown"]["selectPolicy"] == Json(kDisabled);
  const auto behavior = behavior_of(autoscaler);
  if (is_ours)
    operations.push_back(behavior.is_null() ? removal("/spec/behavior")
                                            : operation("replace", "/spec/behavior", behavior));
  operations.push_back(removal("/metadata/annotations/" + kube::pointer_token(kBehaviorAnnotation)));
}

void change_each(Context& context, const Lease& lease, const Move& move, const Changes& add) {
  for (const auto& found : autoscalers_of(context, move.previous_deployment, move.deployment)) {
    if (keeper_of(found).empty()) change(context, lease, kube::kAutoscalers, name_of(found), add);
  }
}

/// Why it sizes nothing; empty: it does.
std::string why_idle(const Json& autoscaler) {
  std::string why = "it was not looked at by its controller yet";
  for (const auto& condition : autoscaler["status"]["conditions"].items_or_none()) {
    const auto type = condition["type"].string_or("");
    if (type != "AbleToScale" && type != "ScalingActive") continue;
    if (condition["status"].string_or("") != "True")
      return fmt::format("{}: {}", condition["reason"].string_or(""), condition["message"].string_or(""));
    why.clear();
  }
  return why;
}

Finding await_one(Context& context, const Json& seen, const std::string& deployment, Time from) {
  const auto settled = from + hold_of(seen) - context.clock.now();
  const auto limit = std::max<Duration>(std::chrono::duration_cast<Duration>(settled), Duration{0});
  Finding finding{.id = "autoscaler-follows",
                  .sop = "2c.3",
                  .title = "The autoscaler sizes the colour that serves",
                  .outcome = Outcome::pass,
                  .observed = Measured(name_of(seen))};
  Wait wait(context.patience(), fmt::format("autoscaler '{}' to settle on '{}'", name_of(seen), deployment),
            limit + kPatience);
  for (;;) {
    const auto autoscaler = context.kube.find(kube::kAutoscalers, name_of(seen), context.stop);
    if (!autoscaler || target_of(*autoscaler) != deployment) {
      finding.outcome = Outcome::warn;
      finding.message = fmt::format("autoscaler '{}' sizes '{}' by now, not '{}'", name_of(seen),
                                    autoscaler ? target_of(*autoscaler) : "nothing", deployment);
      return finding;
    }
    finding.message = why_idle(*autoscaler);
    if (finding.message.empty() && wait.elapsed() >= limit) return finding;
    if (wait.is_over()) {
      finding.outcome = Outcome::warn;
      finding.message =
          fmt::format("autoscaler '{}' does not size '{}': {}", name_of(seen), deployment, finding.message);
      return finding;
    }
    wait.pause(1s, finding.message);
  }
}

}  // namespace

std::vector<Json> autoscalers_of(Context& context, const std::string& deployment, const std::string& other) {
  auto found = context.kube.list_if_served(kube::kAutoscalers, context.stop);
  std::erase_if(found, [&](const Json& autoscaler) {
    const auto target = target_of(autoscaler);
    return target.empty() || (target != deployment && target != other);
  });
  return found;
}

std::string keeper_of(const Json& autoscaler) {
  const auto& owner = controller_of(autoscaler);
  if (owner.is_null()) return "";
  return fmt::format("{} '{}'", owner["kind"].string_or(""), owner["name"].string_or(""));
}

void hold_scale_down(Context& context, const Lease& lease, const Move& move) {
  change_each(context, lease, move, add_hold);
}

void aim_autoscalers(Context& context, const Lease& lease, const Move& move, const std::string& deployment) {
  change_each(context, lease, move, [&](Json& operations, const Json& autoscaler) {
    add_hold(operations, autoscaler);
    add_aim(operations, autoscaler, deployment);
  });
}

void release_scale_down(Context& context, const Lease& lease, const Move& move) {
  change_each(context, lease, move, add_release);
}

std::vector<Finding> await_autoscalers(Context& context, const Move& move, const std::string& deployment, Time from) {
  std::vector<Finding> findings;
  for (const auto& found : autoscalers_of(context, move.previous_deployment, move.deployment)) {
    if (is_held(found)) findings.push_back(await_one(context, found, deployment, from));
  }
  return findings;
}

}  // namespace baton::rollout
