// The fail-fast rules as tables. SOP, "Deployment Fails (Step 2c)".
#include "common/rollout/trouble.h"

#include <algorithm>
#include <string_view>

namespace baton::rollout {
namespace {

using namespace std::chrono_literals;

struct WaitingRule {
  std::string_view reason;
  Duration patience;
  std::int64_t from_restarts;  ///< one failure is allowed where the kubelet's next try may succeed
  std::string_view sign = {};
  bool says_why = true;
};
constexpr std::string_view kPull = "image pull";
// The kubelet tries a pull again after 10 to 20 s, a missing Secret or ConfigMap may be on its way.
constexpr WaitingRule kWaiting[] = {
    {"ErrImageNeverPull", 0s, 0},
    {"InvalidImageName", 0s, 0},
    {"CrashLoopBackOff", 0s, 1},
    {"ImagePullBackOff", 20s, 0, kPull, false},
    {"ErrImagePull", 30s, 0, kPull},
    {"RunContainerError", 15s, 0},
    {"CreateContainerConfigError", 15s, 0},
    {"CreateContainerError", 15s, 0},
    {"PreCreateHookError", 15s, 0},
};
constexpr std::int64_t kAllowedRestarts = 1;
// Longer than a cluster autoscaler needs to see the pod and to start a node.
constexpr Duration kUnschedulable = 2min;
constexpr Duration kNoPods = 10s;

Trouble of_container(const Json& pod, const Json& status, std::string reason, std::string message, Duration patience) {
  return {.pod = pod["metadata"]["name"].string_or(""),
          .container = status["name"].string_or(""),
          .reason = std::move(reason),
          .message = std::move(message),
          .patience = patience,
          .has_crashed = status["restartCount"].integer_or(0) > 0};
}

/// What the runtime, or the container itself, said at its last end.
std::string ending_of(const Json& status) { return status["lastState"]["terminated"]["message"].string_or(""); }

void add_waiting(const Json& pod, const Json& status, std::vector<Trouble>& troubles) {
  const auto& waiting = status["state"]["waiting"];
  const auto reason = waiting["reason"].string_or("");
  const auto rule = std::ranges::find(kWaiting, reason, &WaitingRule::reason);
  if (rule == std::end(kWaiting) || status["restartCount"].integer_or(0) < rule->from_restarts) return;
  auto message = ending_of(status);
  if (message.empty()) message = waiting["message"].string_or("");
  auto trouble = of_container(pod, status, reason, std::move(message), rule->patience);
  trouble.sign = rule->sign;
  trouble.says_why = rule->says_why;
  troubles.push_back(std::move(trouble));
}

void add_crashes(const Json& pod, const Json& status, std::vector<Trouble>& troubles) {
  if (status["ready"].boolean_or(false)) return;
  const auto last = status["lastState"]["terminated"]["reason"].string_or("");
  const auto restarts = status["restartCount"].integer_or(0);
  if (last == "OOMKilled") {
    troubles.push_back(of_container(pod, status, last, "the container used more memory than its limit", 0s));
  } else if (restarts > kAllowedRestarts) {
    troubles.push_back(of_container(pod, status, "Restarts",
                                    "the container was restarted " + std::to_string(restarts) + " times", 0s));
  }
}

void add_init_errors(const Json& pod, const Json& status, std::vector<Trouble>& troubles) {
  const auto reason = status["state"]["terminated"]["reason"].string_or("");
  if (reason != "Error" || status["restartCount"].integer_or(0) < kAllowedRestarts) return;
  troubles.push_back(of_container(pod, status, "InitError", "the init container ended with an error again", 0s));
}

void add_conditions(const Json& pod, std::vector<Trouble>& troubles) {
  for (const auto& condition : pod["status"]["conditions"].items_or_none()) {
    if (condition["type"].string_or("") != "PodScheduled" || condition["status"].string_or("") != "False") continue;
    if (condition["reason"].string_or("") != "Unschedulable") continue;
    troubles.push_back({.pod = pod["metadata"]["name"].string_or(""),
                        .reason = "Unschedulable",
                        .message = condition["message"].string_or(""),
                        .patience = kUnschedulable});
  }
}

bool is_true(const Json& pod, std::string_view type) {
  return std::ranges::any_of(pod["status"]["conditions"].items_or_none(), [&](const Json& condition) {
    return condition["type"].string_or("") == type && condition["status"].string_or("") == "True";
  });
}

/// One that never ends.
bool is_sidecar(const Json& pod, const std::string& name) {
  return std::ranges::any_of(pod["spec"]["initContainers"].items_or_none(), [&](const Json& container) {
    return container["name"].string_or("") == name && container["restartPolicy"].string_or("") == "Always";
  });
}

/// Sidecars are no obstacle once they have started; of any other init container that runs that is said, too.
const Json* unended_init_container(const Json& pod) {
  for (const auto& status : pod["status"]["initContainerStatuses"].items_or_none()) {
    const bool has_ended = status["state"]["terminated"]["exitCode"].integer_or(1) == 0;
    const bool has_started = status["started"].boolean_or(false) && is_sidecar(pod, status["name"].string_or(""));
    if (!has_ended && !has_started) return &status;
  }
  return nullptr;
}

struct Recovery {
  std::string_view reason;
  std::vector<std::string> steps;
};

constexpr const char* kAgain = "Run the deployment again.";

std::vector<std::string> start_steps(bool has_log) {
  return {
      has_log ? "Read the pod's log (its last lines stand above; the rest is in the evidence folder)."
              : "It left no log; the state of its pods and their events are in the evidence folder.",
      "Look for a missing environment variable, a database that cannot be reached, a port in use, too little memory.",
      "Correct the manifest or the code, and run the deployment again."};
}

}  // namespace

std::vector<Trouble> troubles_of_pod(const Json& pod) {
  std::vector<Trouble> troubles;
  const auto& status = pod["status"];
  for (const auto& container : status["initContainerStatuses"].items_or_none()) {
    add_waiting(pod, container, troubles);
    add_init_errors(pod, container, troubles);
  }
  for (const auto& container : status["containerStatuses"].items_or_none()) {
    add_waiting(pod, container, troubles);
    add_crashes(pod, container, troubles);
  }
  add_conditions(pod, troubles);
  return troubles;
}

std::vector<Trouble> troubles_of_deployment(const Json& deployment) {
  std::vector<Trouble> troubles;
  const auto& status = deployment["status"];
  // What it says is of a template that was replaced since.
  if (status["observedGeneration"].integer_or(0) < deployment["metadata"]["generation"].integer_or(0)) return troubles;
  for (const auto& condition : status["conditions"].items_or_none()) {
    const auto type = condition["type"].string_or("");
    const auto reason = condition["reason"].string_or("");
    const auto message = condition["message"].string_or("");
    if (type == "ReplicaFailure" && condition["status"].string_or("") == "True") {
      troubles.push_back({.reason = reason, .message = message, .patience = kNoPods});
    }
    if (type == "Progressing" && reason == "ProgressDeadlineExceeded") {
      troubles.push_back({.reason = reason, .message = message});
    }
  }
  return troubles;
}

Trouble not_ready(const Json& pod) {
  Trouble trouble{.pod = pod["metadata"]["name"].string_or(""), .reason = "NotReady"};
  if (const auto* init = unended_init_container(pod)) {
    trouble.container = (*init)["name"].string_or("");
    trouble.message = "its init container '" + trouble.container + "' has not ended";
    return trouble;
  }
  if (is_true(pod, "ContainersReady")) {
    for (const auto& gate : pod["spec"]["readinessGates"].items_or_none()) {
      const auto type = gate["conditionType"].string_or("");
      if (is_true(pod, type)) continue;
      trouble.reason = "ReadinessGate";
      trouble.message = "its containers are ready, and nobody set its readiness gate '" + type + "'";
      return trouble;
    }
  }
  const auto& containers = pod["spec"]["containers"].items_or_none();
  if (!containers.empty()) trouble.container = containers.front()["name"].string_or("");
  return trouble;
}

std::vector<std::string> recovery_for(const std::string& reason, bool has_log) {
  static const Recovery table[] = {
      {"OOMKilled", {"Raise the container's memory limit.", kAgain}},
      {"ImagePullBackOff", {"Check that the image exists and that the nodes may pull it.", kAgain}},
      {"ErrImagePull", {"Check that the image exists and that the nodes may pull it.", kAgain}},
      {"ErrImageNeverPull", {"Bring the image onto the nodes, or let them pull it (imagePullPolicy).", kAgain}},
      {"InvalidImageName", {"Correct the image's name in the manifest.", kAgain}},
      {"CreateContainerConfigError",
       {"Create the ConfigMap, the Secret or the key that it names, or correct the manifest.", kAgain}},
      {"FailedMount", {"Create what the volume is made of, or correct the manifest.", kAgain}},
      {"FailedCreate",
       {"No pod was made: raise the quota, or correct what the policy, the limit range or the webhook objects to.",
        kAgain}},
      {"ReadinessGate",
       {"Look at the controller that sets this condition: a load balancer's target group, a service mesh.", kAgain}},
      {"Deleted", {"Find out who deleted it.", kAgain}},
      {"Unschedulable", {"Free or add capacity on the nodes.", kAgain}},
      {"ProgressDeadlineExceeded",
       {"Raise progressDeadlineSeconds where the application needs longer to start.",
        "Else ask the readiness endpoint of a new pod what is missing; correct it, and run the deployment again."}},
      {"NotReady",
       {"Ask the readiness endpoint of a new pod what is missing.",
        "Give the application more time to start, finish the migrations it waits for, check the services it needs.",
        "Correct the code or the configuration, and run the deployment again."}},
  };
  const auto found = std::ranges::find(table, reason, &Recovery::reason);
  return found == std::end(table) ? start_steps(has_log) : found->steps;
}

}  // namespace baton::rollout
