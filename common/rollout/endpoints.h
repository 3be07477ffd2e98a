// Whom the Service's endpoint slices name: by pod, until they are exactly one colour's.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "common/rollout/context.h"

namespace baton::rollout {

/// uids of the pods that are ready in any slice; absent conditions mean ready, as kube-proxy reads them.
std::set<std::string> ready_endpoints(const std::vector<Json>& slices);
std::vector<Json> slices_of(Context& context, const std::string& service);

/// When the slices followed the selector, since `from` on the monotonic clock.
struct Convergence {
  bool is_done = false;
  std::optional<Duration> first = {};  ///< the first slice that named one of the wanted pods
  std::optional<Duration> all = {};    ///< exactly the wanted ones, read twice in a row
  std::string message = {};            ///< what was still there when the time was over
};
/// `wanted` is asked anew at each look: pods come and go while one waits.
Convergence await_endpoints(Context& context, const std::string& service, Duration from, Duration limit,
                            const std::function<std::vector<Json>()>& wanted);

}  // namespace baton::rollout
