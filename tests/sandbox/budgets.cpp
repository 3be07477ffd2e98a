// PodDisruptionBudgets: what they allow, and what an eviction is answered.
#include "tests/sandbox/budgets.h"

#include <algorithm>
#include <cmath>

#include "common/core/units.h"
#include "tests/sandbox/json_tools.h"
#include "tests/sandbox/refusal.h"
#include "tests/sandbox/select.h"

namespace baton::sandbox {
namespace {

std::vector<Json> guarded_by(const Store& store, const Json& budget) {
  auto pods = store.list(kind_named("Pod"), namespace_of(budget)).items;
  std::erase_if(pods, [&](const Json& pod) { return !matches(budget["spec"]["selector"], pod["metadata"]["labels"]); });
  return pods;
}

std::int64_t share_of(const Json& value, std::int64_t pods) {
  if (value.is_integer()) return value.integer();
  const double share = parse_percent(value.string_or("0%")).value_or(0) / 100 * static_cast<double>(pods);
  return static_cast<std::int64_t>(std::ceil(share));
}

std::int64_t allowed_by(const Store& store, const Json& budget) {
  const auto pods = guarded_by(store, budget);
  const auto expected = static_cast<std::int64_t>(pods.size());
  const auto healthy =
      std::ranges::count_if(pods, [](const Json& pod) { return has_condition(pod, "Ready") && !is_terminating(pod); });
  const auto* unavailable = budget["spec"].find("maxUnavailable");
  const auto wanted = unavailable != nullptr ? expected - share_of(*unavailable, expected)
                                             : share_of(budget["spec"]["minAvailable"], expected);
  return std::max<std::int64_t>(healthy - wanted, 0);
}

}  // namespace

void require_evictable(const Store& store, const Json& pod) {
  auto budgets = store.list(kind_named("PodDisruptionBudget"), namespace_of(pod)).items;
  std::erase_if(budgets,
                [&](const Json& budget) { return !matches(budget["spec"]["selector"], pod["metadata"]["labels"]); });
  if (budgets.size() > 1)
    throw Refusal(500, "InternalError",
                  "This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.");
  if (budgets.empty() || allowed_by(store, budgets.front()) > 0) return;
  throw Refusal(429, "TooManyRequests", "Cannot evict pod as it would violate the pod's disruption budget.");
}

}  // namespace baton::sandbox
