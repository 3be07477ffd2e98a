// The admission plugin ResourceQuota, as far as pods go.
#include "tools/precheck/capacity/quota.h"

#include <fmt/format.h>

#include <algorithm>

#include "common/core/printable.h"
#include "common/core/text.h"

namespace baton::precheck {
namespace {

/// By the names that quotas have, of one pod.
Amounts counted(const NewPod& pod) {
  Amounts all{{"pods", 1}, {"count/pods", 1}};
  for (const auto& [name, value] : pod.needs) {
    if (name != kPodCount) all["requests." + name] = value;
  }
  for (const auto& [name, value] : needs_of(pod.spec, Ask::limits)) all["limits." + name] = value;
  return all;
}

/// "cpu", "memory" and "ephemeral-storage" are short for their requests.
std::string full_name(const std::string& name) {
  return name == kCpu || name == kMemory || name == kStorage ? "requests." + name : name;
}

/// A quota of these takes no pod that says nothing of them.
bool must_be_said(std::string_view name) {
  return name == "requests.cpu" || name == "requests.memory" || name == "limits.cpu" || name == "limits.memory";
}

bool is_best_effort(const Amounts& one) {
  return std::ranges::none_of(one, [](const auto& pair) { return must_be_said(pair.first) && pair.second > 0; });
}

bool selects_other_namespaces(const Json& spec) {
  for (const auto* kind : {"podAffinity", "podAntiAffinity"}) {
    for (const auto& [list, terms] : spec["affinity"][kind].members_or_none()) {
      for (const auto& item : terms.items_or_none()) {
        const auto& term = item["podAffinityTerm"].is_null() ? item : item["podAffinityTerm"];
        if (!term["namespaces"].items_or_none().empty() || !term["namespaceSelector"].is_null()) return true;
      }
    }
  }
  return false;
}

bool is_in_priority(const Json& expression, const std::string& name) {
  const auto operation = expression["operator"].string_or("Exists");
  const auto& values = expression["values"].items_or_none();
  const bool is_listed = !name.empty() && std::ranges::find(values, Json(name)) != values.end();
  if (operation == "In") return is_listed;
  if (operation == "NotIn") return !is_listed;
  if (operation == "DoesNotExist") return name.empty();
  return !name.empty();
}

bool is_in_scope(const std::string& scope, const Json& expression, const NewPod& pod, const Amounts& one) {
  const bool ends = !pod.spec["activeDeadlineSeconds"].is_null();
  if (scope == "Terminating") return ends;
  if (scope == "NotTerminating") return !ends;
  if (scope == "BestEffort") return is_best_effort(one);
  if (scope == "NotBestEffort") return !is_best_effort(one);
  if (scope == "PriorityClass") return is_in_priority(expression, pod.spec["priorityClassName"].string_or(""));
  if (scope == "CrossNamespacePodAffinity") return selects_other_namespaces(pod.spec);
  return false;  // of volumes
}

bool is_about(const Json& quota, const NewPod& pod, const Amounts& one) {
  const Json exists = Json::object({{"operator", "Exists"}});
  const auto& spec = quota["spec"];
  return std::ranges::all_of(spec["scopes"].items_or_none(),
                             [&](const Json& scope) { return is_in_scope(scope.string(), exists, pod, one); }) &&
         std::ranges::all_of(spec["scopeSelector"]["matchExpressions"].items_or_none(), [&](const Json& expression) {
           return is_in_scope(expression["scopeName"].string_or(""), expression, pod, one);
         });
}

std::optional<std::string> lacking(const Json& quota, const Amounts& one, int pods) {
  const auto name = printable(quota["metadata"]["name"].string_or("?"), 63);
  const auto& status = quota["status"];
  const auto& hard = status["hard"].is_null() ? quota["spec"]["hard"] : status["hard"];
  for (const auto& [resource, limit] : hard.members_or_none()) {
    const auto full = full_name(resource);
    const auto found = one.find(full);
    if (found == one.end() || found->second == 0) {
      if (must_be_said(full)) return fmt::format("quota '{}' takes no pod that names no {}", name, full);
      continue;
    }
    const auto most = amount_in(full, limit);
    const auto used = amount_in(full, status["used"][resource]);
    auto all = times({{full, found->second}}, pods);
    add(all, {{full, used}});
    if (amount(all, full) <= most) continue;
    return fmt::format("quota '{}' has no room: {} of {} {} used, {} needed", name, amount_text(full, used),
                       amount_text(full, most), resource, amount_text(full, found->second * pods));
  }
  return std::nullopt;
}

}  // namespace

std::optional<std::string> refusal_of_quota(const std::vector<Json>& quotas, const NewPod& pod, int pods) {
  const auto one = counted(pod);
  for (const auto& quota : quotas) {
    if (!is_about(quota, pod, one)) continue;
    if (auto found = lacking(quota, one, pods)) return found;
  }
  return std::nullopt;
}

}  // namespace baton::precheck
