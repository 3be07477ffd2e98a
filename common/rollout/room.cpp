// The arithmetic of quotas.
#include "common/rollout/room.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "common/core/quantity.h"
#include "common/rollout/pods.h"

namespace baton::rollout {
namespace {

/// By the names that quotas have: "requests.cpu", "limits.memory", "pods".
using Amounts = std::map<std::string, double>;

double amount_of(const Json& quantity) {
  const auto text = quantity.is_string() ? quantity.string() : std::to_string(quantity.integer_or(0));
  const auto parsed = parse_quantity(text);
  return parsed ? parsed->value : 0;
}

Amounts resources_of(const Json& container) {
  Amounts amounts;
  for (const auto* kind : {"requests", "limits"}) {
    for (const auto& [name, quantity] : container["resources"][kind].members_or_none())
      amounts[fmt::format("{}.{}", kind, name)] = amount_of(quantity);
  }
  return amounts;
}

void add(Amounts& sum, const Amounts& more) {
  for (const auto& [name, amount] : more) sum[name] += amount;
}

/// As the scheduler counts: all that run side by side, or the largest that runs before them.
Amounts of_pod(const Json& spec) {
  Amounts sum;
  Amounts largest;
  for (const auto& container : spec["containers"].items_or_none()) add(sum, resources_of(container));
  for (const auto& container : spec["initContainers"].items_or_none()) {
    if (container["restartPolicy"].string_or("") == "Always") {
      add(sum, resources_of(container));
      continue;
    }
    for (const auto& [name, amount] : resources_of(container)) largest[name] = std::max(largest[name], amount);
  }
  for (const auto& [name, amount] : largest) sum[name] = std::max(sum[name], amount);
  for (const auto& [name, quantity] : spec["overhead"].members_or_none())
    sum["requests." + name] += amount_of(quantity);
  sum["pods"] = 1;
  sum["count/pods"] = 1;
  return sum;
}

/// "cpu" and "memory" are short for their requests.
std::string full_name(const std::string& name) { return name == "cpu" || name == "memory" ? "requests." + name : name; }

/// Of some pods only: which, another release may change.
bool is_scoped(const Json& quota) {
  return !quota["spec"]["scopes"].items_or_none().empty() || !quota["spec"]["scopeSelector"].is_null();
}

std::optional<Shortage> lacking(const Json& quota, const Amounts& one, int pods) {
  for (const auto& [name, hard] : quota["status"]["hard"].members_or_none()) {
    const auto needed = one.find(full_name(name));
    if (needed == one.end()) continue;
    const auto& used = quota["status"]["used"][name];
    if (amount_of(used) + needed->second * pods <= amount_of(hard)) continue;
    return Shortage{.quota = name_of(quota),
                    .name = name,
                    .used = used.string_or("0"),
                    .hard = hard.string_or("0"),
                    .each = needed->second};
  }
  return std::nullopt;
}

}  // namespace

std::optional<std::vector<Json>> readable_quotas(Context& context) {
  try {
    return context.kube.list_if_served(kube::kQuotas, context.stop);
  } catch (const kube::ApiError& error) {
    if (error.status() != 403) throw;
    return std::nullopt;
  }
}

std::optional<Shortage> shortage_for(const std::vector<Json>& quotas, const Json& pod_spec, int pods) {
  const auto one = of_pod(pod_spec);
  for (const auto& quota : quotas) {
    if (is_scoped(quota)) continue;
    if (auto found = lacking(quota, one, pods)) return found;
  }
  return std::nullopt;
}

}  // namespace baton::rollout
