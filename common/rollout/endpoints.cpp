// Endpoint slices.
#include "common/rollout/endpoints.h"

#include <fmt/format.h>

#include <algorithm>

#include "common/core/text.h"
#include "common/io/wait.h"
#include "common/rollout/pods.h"

namespace baton::rollout {
namespace {

constexpr std::chrono::milliseconds kPause{50};

bool meet(const std::set<std::string>& one, const std::set<std::string>& other) {
  return std::ranges::any_of(one, [&](const std::string& item) { return other.contains(item); });
}

}  // namespace

std::set<std::string> ready_endpoints(const std::vector<Json>& slices) {
  std::set<std::string> uids;
  for (const auto& slice : slices) {
    for (const auto& endpoint : slice["endpoints"].items_or_none()) {
      if (endpoint["conditions"]["ready"].boolean_or(true))
        uids.insert(endpoint["targetRef"]["uid"].string_or("unnamed"));
    }
  }
  return uids;
}

std::vector<Json> slices_of(Context& context, const std::string& service) {
  return context.kube.list(kube::kEndpointSlices, {.labels = "kubernetes.io/service-name=" + service}, context.stop);
}

Convergence await_endpoints(Context& context, const std::string& service, Duration from, Duration limit,
                            const std::function<std::vector<Json>()>& wanted) {
  Convergence found;
  Wait wait(context.patience(), "the endpoints of '" + service + "'", limit);
  for (int alike = 0;;) {
    const auto pods = uids_of(wanted());
    const auto there = ready_endpoints(slices_of(context, service));
    const auto now = context.clock.monotonic() - from;
    if (!found.first && meet(there, pods)) found.first = now;
    alike = !pods.empty() && there == pods ? alike + 1 : 0;
    if (alike == 1) found.all = now;
    if (alike == 2) {
      found.is_done = true;
      return found;
    }
    if (wait.is_over()) {
      found.message = fmt::format("the endpoint slices of '{}' name {} ready, wanted exactly {}", service,
                                  count_text(static_cast<long long>(there.size()), "pod"), pods.size());
      return found;
    }
    wait.pause(kPause);
  }
}

}  // namespace baton::rollout
