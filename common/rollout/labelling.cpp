// Pause, label the ReplicaSets' templates, label the pods, label the template and resume: in this order a pod that is
// made in between carries the label already, and no rollout begins.
#include "common/rollout/labelling.h"

#include <fmt/format.h>

#include <algorithm>

#include "common/clients/kube/client.h"
#include "common/core/units.h"
#include "common/io/wait.h"
#include "common/rollout/conflict.h"
#include "common/rollout/intent.h"
#include "common/rollout/pods.h"

namespace baton::rollout {
namespace {

constexpr Duration kObserved = std::chrono::seconds(30);
/// A controller whose cache is old may make one more pod without the label.
constexpr int kRounds = 5;

bool is_paused(const Json& deployment) { return deployment["spec"]["paused"].boolean_or(false); }

bool is_paused_by_us(const Json& deployment) {
  return deployment["metadata"]["annotations"].find(kPausedAnnotation) != nullptr;
}

bool carries(const Json& metadata, const PodLabel& label) {
  const auto& value = metadata["labels"][label.key];
  return label.value ? value == Json(*label.value) : value.is_null();
}

class Labelling {
 public:
  /// No signal ends it half way: while it lasts whoever restarts the Deployment restarts nothing.
  Labelling(const Context& context, const Lease& lease, const std::string& deployment, const PodLabel& label)
      : context_(context), lease_(lease), deployment_(deployment), label_(label) {
    context_.stop = {};
    context_.progress = {};  // it may itself be asked for from within a wait
  }

  void run() {
    pause();
    label_sets();
    label_pods();
    resume();
    label_pods();
  }

 private:
  Json deployment() { return context_.kube.get(kube::kDeployments, deployment_, context_.stop); }

  bool carries(const Json& metadata) const { return rollout::carries(metadata, label_); }

  /// Labels are there already where our label is not the first one.
  void add_operation(Json& operations, const Json& metadata, const std::string& path) const {
    if (carries(metadata)) return;
    const auto place = path + "/labels/" + kube::pointer_token(label_.key);
    if (!label_.value) return operations.push_back(removal(place));
    if (!metadata["labels"].is_object()) operations.push_back(operation("add", path + "/labels", Json::object()));
    operations.push_back(operation("add", place, *label_.value));
  }

  void pause() {
    until_not_lost([&] {
      const auto found = deployment();
      if (const auto why = why_not_labelled(found); !why.empty())
        throw Error(ExitCode::stop, why,
                    fmt::format("Find out who paused it and why; then: kubectl -n {} rollout resume deployment/{}",
                                context_.kube.namespace_name(), deployment_));
      if (is_paused(found) || is_labelled(found, label_)) return;
      auto operations = guarded(found);
      add_annotation(operations, found, kPausedAnnotation, context_.id);
      operations.push_back(operation("add", "/spec/paused", true));
      write(kube::kDeployments, deployment_, operations);
    });
    await_observed();
  }

  void label_sets() {
    for (const auto& found : owned_sets(context_, deployment())) {
      until_not_lost([&] {
        const auto set = context_.kube.find(kube::kReplicaSets, name_of(found), context_.stop);
        if (!set || carries((*set)["spec"]["template"]["metadata"])) return;
        auto operations = guarded(*set);
        add_operation(operations, (*set)["spec"]["template"]["metadata"], "/spec/template/metadata");
        write(kube::kReplicaSets, name_of(*set), operations);
      });
    }
  }

  void label_pods() {
    for (int round = 0; round < kRounds; ++round) {
      auto pods = owned_pods(context_, deployment());
      std::erase_if(pods, [&](const Json& pod) { return carries(pod["metadata"]); });
      if (pods.empty()) return;
      for (const auto& pod : pods) label_pod(name_of(pod));
    }
    throw Error(ExitCode::unknown,
                fmt::format("new pods of '{}' go on coming without the label '{}'", deployment_, label_.key),
                "Look what makes them: kubectl get pods; then run again.");
  }

  void label_pod(const std::string& name) {
    until_not_lost([&] {
      const auto pod = context_.kube.find(kube::kPods, name, context_.stop);
      if (!pod || carries((*pod)["metadata"])) return;
      auto operations = guarded(*pod);
      add_operation(operations, (*pod)["metadata"], "/metadata");
      write_unless_gone(name, operations);
    });
  }

  void write_unless_gone(const std::string& pod, const Json& operations) {
    try {
      write(kube::kPods, pod, operations);
    } catch (const kube::ApiError& error) {
      if (error.status() != 404) throw;
    }
  }

  /// One patch: between two a rollout would begin.
  void resume() {
    until_not_lost([&] {
      const auto found = deployment();
      const auto& metadata = found["spec"]["template"]["metadata"];
      if (carries(metadata) && !is_paused_by_us(found)) return;
      auto operations = guarded(found);
      add_operation(operations, metadata, "/spec/template/metadata");
      if (is_paused(found)) operations.push_back(removal("/spec/paused"));
      if (is_paused_by_us(found))
        operations.push_back(removal("/metadata/annotations/" + kube::pointer_token(kPausedAnnotation)));
      write(kube::kDeployments, deployment_, operations);
    });
    await_observed();
  }

  /// The controller has read what was written: it acts on nothing older.
  void await_observed() {
    Wait wait(context_.patience(), fmt::format("the controller to read '{}'", deployment_), kObserved);
    for (;;) {
      const auto found = deployment();
      const auto written = found["metadata"]["generation"].integer_or(0);
      if (found["status"]["observedGeneration"].integer_or(0) >= written) return;
      if (wait.is_over())
        throw Error(ExitCode::unknown, fmt::format("nobody follows what is written to '{}'", deployment_),
                    "Check that the cluster's controllers run; then run again.");
      wait.pause(std::chrono::milliseconds(50));
    }
  }

  void write(const kube::Resource& resource, const std::string& name, const Json& operations) {
    lease_.confirm();
    context_.kube.json_patch(resource, name, operations, context_.stop);
  }

  Context context_;
  const Lease& lease_;
  const std::string& deployment_;
  const PodLabel& label_;
};

}  // namespace

std::string why_not_labelled(const Json& deployment) {
  if (!is_paused(deployment) || is_paused_by_us(deployment)) return "";
  return fmt::format("Deployment '{}' is paused by somebody else, who does not expect it to go on",
                     name_of(deployment));
}

bool is_labelled(const Json& deployment, const PodLabel& label) {
  return carries(deployment["spec"]["template"]["metadata"], label);
}

PodLabel colour_of_old(const Move& move) { return {move.label, move.previous_colour}; }

void label_pods(Context& context, const Lease& lease, const std::string& deployment, const PodLabel& label) {
  Labelling(context, lease, deployment, label).run();
}

}  // namespace baton::rollout
