// Workers: image patches by compare-and-swap, and rollouts that are waited for.
#include "common/rollout/workers.h"

#include <fmt/format.h>

#include <optional>

#include "common/config/sections/kubernetes.h"
#include "common/config/sections/switch.h"
#include "common/rollout/change.h"
#include "common/rollout/intent.h"
#include "common/rollout/next.h"
#include "common/rollout/pods.h"
#include "common/rollout/ready.h"
#include "common/rollout/wanted.h"
#include "common/rollout/workload.h"

namespace baton::rollout {
namespace {

constexpr Duration kSettled = std::chrono::seconds(1);
constexpr Duration kBack = std::chrono::seconds(30);

/// Calls `take` with the path of each container, init containers too.
template <class Take>
void each_container(const Json& deployment, Take take) {
  const auto& spec = deployment["spec"]["template"]["spec"];
  for (const auto* kind : {"initContainers", "containers"}) {
    const auto& containers = spec[kind].items_or_none();
    for (std::size_t at = 0; at < containers.size(); ++at)
      take(fmt::format("/spec/template/spec/{}/{}/image", kind, at), containers[at]);
  }
}

Worker worker_now(const Context& context, const std::string& name) {
  const auto found = context.kube.find(kube::kDeployments, name, context.stop);
  if (!found)
    throw Error(ExitCode::usage, fmt::format("there is no Deployment '{}', which kubernetes.workers names", name),
                "Correct kubernetes.workers, or create the worker first.");
  auto worker = worker_of(context, *found);
  if (worker.images.empty())
    throw Error(
        ExitCode::usage,
        fmt::format("no container of the worker '{}' runs an image of '{}'", name, repository_of(context.config.image)),
        "Correct kubernetes.workers: they ship the release's own image.");
  return worker;
}

/// Each container of the worker gets what `image_for` says of its name and image; an empty one: as it is.
template <class ImageFor>
void set_images(Context& context, const Lease& lease, const Worker& worker, ImageFor image_for) {
  const auto set = [&](Json& operations, const Json& found) {
    each_container(found, [&](const std::string& path, const Json& container) {
      const std::string now = container["image"].string_or("");
      const std::string to = image_for(container["name"].string_or(""), now);
      if (!to.empty() && to != now) operations.push_back(operation("replace", path, to));
    });
  };
  if (change(context, lease, workloads_of(worker.kind), worker.name, set)) return;
  throw Error(ExitCode::unknown, fmt::format("'{}' is not there any more", worker.name),
              "Find out who deleted it; then run again.");
}

/// One that is scaled to 0 has nothing to wait for.
Readiness rolled(Context& context, const Worker& worker, const std::string& image, Duration limit) {
  const auto found = context.kube.get(kube::kDeployments, worker.name, context.stop);
  return await_ready(
      context,
      {.deployment = worker.name, .image = image, .replicas = replicas_of(found), .limit = limit, .settled = kSettled});
}

Finding release_finding(const Worker& worker, Finding finding) {
  finding.id = "worker-rolled";
  finding.sop = "2c.3";
  finding.title = fmt::format("Worker '{}' runs the release", worker.name);
  return finding;
}

/// Nothing where it got the release.
std::optional<Finding> start(Context& context, const Lease& lease, const Move& move, const Worker& worker) try {
  give_release(context, lease, move, worker);
  return std::nullopt;
} catch (const kube::ApiError& error) {
  if (!error.refuses_object()) throw;
  return release_finding(worker, {.critical = true,
                                  .outcome = Outcome::fail,
                                  .message = fmt::format("worker '{}': {}", worker.name, error.what()),
                                  .recovery = {error.hint()}});
}

Finding warning(const Worker& worker, std::string message, std::vector<std::string> recovery) {
  return {.id = "worker-back",
          .sop = "rollback",
          .title = fmt::format("Worker '{}' runs what it ran before", worker.name),
          .outcome = Outcome::warn,
          .message = std::move(message),
          .recovery = std::move(recovery)};
}

/// A worker that is gone, or cannot be asked, must not stop a rollback.
template <class Act>
std::vector<Finding> of_each(const Move& move, Act act) {
  std::vector<Finding> findings;
  for (const auto& worker : move.workers) {
    try {
      act(worker, findings);
    } catch (const Error& error) {
      if (error.code() != ExitCode::unknown) throw;
      findings.push_back(warning(worker, error.what(), {error.hint()}));
    }
  }
  return findings;
}

}  // namespace

Worker worker_of(const Context& context, const Json& workload) {
  Worker worker{.kind = is_deployment(workload) ? "" : kind_of(workload), .name = name_of(workload)};
  each_container(workload, [&](const std::string& /*path*/, const Json& container) {
    const auto image = container["image"].string_or("");
    if (repository_of(image) == repository_of(context.config.image))
      worker.images[container["name"].string_or("")] = image;
  });
  return worker;
}

void give_release(Context& context, const Lease& lease, const Move& move, const Worker& worker) {
  const auto image = pinned_image(context.config, move.digest);
  set_images(context, lease, worker, [&](const std::string& container, const std::string& /*now*/) {
    return worker.images.contains(container) ? image : std::string();
  });
}

bool take_release_back(Context& context, const Lease& lease, const Move& move, const Worker& worker) {
  const auto image = pinned_image(context.config, move.digest);
  bool is_ours = true;
  set_images(context, lease, worker, [&](const std::string& container, const std::string& now) {
    const auto before = worker.images.find(container);
    if (before == worker.images.end() || now == before->second) return std::string();
    if (is_same_image(now, image)) return before->second;
    is_ours = false;
    return std::string();
  });
  return is_ours;
}

std::vector<Worker> workers_now(const Context& context) {
  std::vector<Worker> workers;
  for (const auto& name : context.config.kubernetes().workers) workers.push_back(worker_now(context, name.name));
  return workers;
}

std::vector<Finding> start_workers(Context& context, const Lease& lease, const Move& move) {
  std::vector<Finding> refused;
  for (const auto& worker : move.workers) {
    if (context.act) context.act("roll-worker");
    context.say(fmt::format("Worker {} gets {}", worker.name, move.version));
    if (auto finding = start(context, lease, move, worker)) refused.push_back(std::move(*finding));
  }
  return refused;
}

std::vector<Finding> await_workers(Context& context, const Move& move) {
  std::vector<Finding> findings;
  const auto image = pinned_image(context.config, move.digest);
  for (const auto& worker : move.workers) {
    auto readiness = rolled(context, worker, image, context.config.rollout().ready_timeout);
    findings.push_back(release_finding(worker, std::move(readiness.finding)));
  }
  return findings;
}

std::vector<Finding> put_workers_back(Context& context, const Lease& lease, const Move& move) {
  return of_each(move, [&](const Worker& worker, std::vector<Finding>& findings) {
    if (context.act) context.act("put-worker-back");
    if (take_release_back(context, lease, move, worker)) return;
    findings.push_back(warning(worker,
                               fmt::format("worker '{}' got another image meanwhile: it is left as it is", worker.name),
                               {"Find out who deployed it, and whether it may stay."}));
  });
}

std::vector<Finding> await_workers_back(Context& context, const Move& move) {
  return of_each(move, [&](const Worker& worker, std::vector<Finding>& findings) {
    const auto readiness = rolled(context, worker, "", kBack);
    auto finding = warning(worker, readiness.finding.message, readiness.finding.recovery);
    if (readiness.is_ready) finding.outcome = Outcome::pass;
    findings.push_back(std::move(finding));
  });
}

}  // namespace baton::rollout
