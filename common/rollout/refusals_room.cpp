// Quotas, added up before anything is written: a second colour that half fits serves nobody.
#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "common/core/quantity.h"
#include "common/core/text.h"
#include "common/rollout/next.h"
#include "common/rollout/refusals.h"

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

std::optional<Hindrance> lacking(const Json& quota, const Amounts& one, int replicas) {
  for (const auto& [name, hard] : quota["status"]["hard"].members_or_none()) {
    const auto needed = one.find(full_name(name));
    if (needed == one.end()) continue;
    const auto& used = quota["status"]["used"][name];
    if (amount_of(used) + needed->second * replicas <= amount_of(hard)) continue;
    return Hindrance{.observed = fmt::format("{} of {} {} used", used.string_or("0"), hard.string_or("0"), name),
                     .message = fmt::format(
                         "quota '{}' has no room for both colours: {} of {} {} are used, and the next colour's {} "
                         "need {:g} each",
                         name_of(quota), used.string_or("0"), hard.string_or("0"), name, count_text(replicas, "pod"),
                         needed->second),
                     .recovery = {fmt::format("Raise the quota '{}', or scale something else down.", name_of(quota)),
                                  "Run the deployment again."}};
  }
  return std::nullopt;
}

/// Nothing where they may not be listed.
std::optional<std::vector<Json>> readable_quotas(Context& context) {
  try {
    return context.kube.list_if_served(kube::kQuotas, context.stop);
  } catch (const kube::ApiError& error) {
    if (error.status() != 403) throw;
    return std::nullopt;
  }
}

}  // namespace

namespace obstacle {

/// The pods that serve show what they really ask for: a LimitRange and webhooks have had their say.
std::optional<Hindrance> room(Context& context, const Live& live) {
  const auto quotas = readable_quotas(context);
  if (!quotas || live.pods.empty()) return std::nullopt;
  const auto one = of_pod(live.pods.front()["spec"]);
  for (const auto& quota : *quotas) {
    if (is_scoped(quota)) continue;
    if (auto found = lacking(quota, one, replicas_of(live.deployment))) return found;
  }
  return std::nullopt;
}

std::optional<Hindrance> unread_quotas(Context& context, const Live& /*live*/) {
  if (readable_quotas(context)) return std::nullopt;
  return Hindrance{.message = "whether quotas have room for both colours is not known: they may not be listed",
                   .recovery = {"Grant the verb 'list' on 'resourcequotas' to the identity the pipeline uses."}};
}

}  // namespace obstacle
}  // namespace baton::rollout
