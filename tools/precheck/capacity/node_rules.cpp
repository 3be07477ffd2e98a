// The scheduler's filters NodeAffinity, TaintToleration and NodeUnschedulable.
#include "tools/precheck/capacity/node_rules.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace baton::precheck {
namespace {

using rollout::Labels;

std::optional<long long> whole_in(std::string_view text) {
  long long number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return number;
}

bool compares(const std::string& value, const Json& values, bool is_greater) {
  const auto& list = values.items_or_none();
  if (list.size() != 1) return false;
  const auto here = whole_in(value);
  const auto limit = whole_in(list.front().string_or(""));
  if (!here || !limit) return false;
  return is_greater ? *here > *limit : *here < *limit;
}

/// `value` is nothing where there is no such label.
bool holds(const Json& expression, const std::optional<std::string>& value) {
  const auto operation = expression["operator"].string_or("");
  const auto& values = expression["values"].items_or_none();
  const bool is_listed = value && std::ranges::find(values, Json(*value)) != values.end();
  if (operation == "In") return is_listed;
  if (operation == "NotIn") return !is_listed;
  if (operation == "Exists") return value.has_value();
  if (operation == "DoesNotExist") return !value.has_value();
  if (operation == "Gt" || operation == "Lt") return value && compares(*value, expression["values"], operation == "Gt");
  return false;
}

bool holds_all(const Json& term, const std::string& node, const Labels& labels) {
  const auto& expressions = term["matchExpressions"].items_or_none();
  const auto& fields = term["matchFields"].items_or_none();
  if (expressions.empty() && fields.empty()) return false;  // an empty term selects no node
  const bool is_labelled = std::ranges::all_of(expressions, [&](const Json& expression) {
    const auto found = labels.find(expression["key"].string_or(""));
    return holds(expression, found == labels.end() ? std::nullopt : std::optional(found->second));
  });
  return is_labelled && std::ranges::all_of(fields, [&](const Json& field) {
           return field["key"].string_or("") == "metadata.name" && holds(field, node);
         });
}

bool tolerates(const Json& toleration, const Taint& taint) {
  const auto effect = toleration["effect"].string_or("");
  const auto key = toleration["key"].string_or("");
  const auto operation = toleration["operator"].string_or("Equal");
  if (!effect.empty() && effect != taint.effect) return false;
  if (key.empty()) return operation == "Exists";
  if (key != taint.key) return false;
  if (operation == "Exists") return true;
  return (operation == "Equal" || operation.empty()) && toleration["value"].string_or("") == taint.value;
}

constexpr std::string_view kUnschedulable = "node.kubernetes.io/unschedulable";

}  // namespace

std::vector<Taint> taints_of(const Json& node) {
  std::vector<Taint> taints;
  for (const auto& taint : node["spec"]["taints"].items_or_none()) {
    taints.push_back({.key = taint["key"].string_or(""),
                      .value = taint["value"].string_or(""),
                      .effect = taint["effect"].string_or("")});
  }
  const bool is_cordoned = node["spec"]["unschedulable"].boolean_or(false);
  const bool is_said = std::ranges::find(taints, kUnschedulable, &Taint::key) != taints.end();
  if (is_cordoned && !is_said) taints.push_back({.key = std::string(kUnschedulable), .effect = "NoSchedule"});
  return taints;
}

std::optional<std::string> untolerated(const std::vector<Taint>& taints, const Json& pod_spec) {
  const auto& tolerations = pod_spec["tolerations"].items_or_none();
  for (const auto& taint : taints) {
    if (taint.effect != "NoSchedule" && taint.effect != "NoExecute") continue;
    if (std::ranges::any_of(tolerations, [&](const Json& one) { return tolerates(one, taint); })) continue;
    return fmt::format("{}{}{}:{}", taint.key, taint.value.empty() ? "" : "=", taint.value, taint.effect);
  }
  return std::nullopt;
}

bool selects_node(const Json& pod_spec, const std::string& node, const rollout::Labels& labels) {
  if (!std::ranges::all_of(pod_spec["nodeSelector"].members_or_none(), [&](const auto& pair) {
        const auto found = labels.find(pair.first);
        return found != labels.end() && found->second == pair.second.string_or("");
      }))
    return false;
  const auto& required = pod_spec["affinity"]["nodeAffinity"]["requiredDuringSchedulingIgnoredDuringExecution"];
  if (required.is_null()) return true;
  return std::ranges::any_of(required["nodeSelectorTerms"].items_or_none(),
                             [&](const Json& term) { return holds_all(term, node, labels); });
}

}  // namespace baton::precheck
