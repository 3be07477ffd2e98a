// The kinds of workload, as a table.
#include "common/rollout/workload.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "common/core/text.h"

namespace baton::rollout {
namespace {

constexpr std::array kKinds = {&kube::kDeployments, &kube::kStatefulSets, &kube::kDaemonSets};

}  // namespace

std::string kind_of(const Json& workload) { return workload["kind"].string_or(std::string(kube::kDeployments.kind)); }
bool is_deployment(const Json& workload) { return kind_of(workload) == kube::kDeployments.kind; }
bool is_stateful_set(const Json& workload) { return kind_of(workload) == kube::kStatefulSets.kind; }
bool is_daemon_set(const Json& workload) { return kind_of(workload) == kube::kDaemonSets.kind; }

bool is_workload(std::string_view kind) {
  return std::ranges::find(kKinds, kind, [](const auto* one) { return one->kind; }) != kKinds.end();
}

const kube::Resource& workloads_of(std::string_view kind) {
  if (kind.empty()) return kube::kDeployments;
  const auto* const found = std::ranges::find(kKinds, kind, [](const auto* one) { return one->kind; });
  if (found != kKinds.end()) return **found;
  throw Error(ExitCode::unknown, fmt::format("nobody here knows how a '{}' is rolled over", kind),
              "Use the version of Baton that recorded it, or a newer one.");
}

const kube::Resource& workloads_of(const Move& move) {
  return move.rolled ? workloads_of(move.rolled->kind) : kube::kDeployments;
}

std::optional<Json> find_workload(Context& context, const Move& move) {
  return context.kube.find(workloads_of(move), move.deployment, context.stop);
}

std::string kubectl_name(const Move& move) {
  return to_lower(workloads_of(move).kind) + "/" + shell_word(move.deployment);
}

int replicas_of(const Json& workload) {
  if (is_daemon_set(workload)) return static_cast<int>(workload["status"]["desiredNumberScheduled"].integer_or(0));
  return static_cast<int>(workload["spec"]["replicas"].integer_or(1));
}

}  // namespace baton::rollout
