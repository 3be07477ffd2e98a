// Roles as documents.
#include <fmt/format.h>

#include "common/rollout/roles.h"

namespace baton::rollout {
namespace {

constexpr std::string_view kGroup = "rbac.authorization.k8s.io";

/// A Role or ClusterRole with what binds it.
struct Half {
  std::string kind;
  std::string name;
  std::string namespace_;  ///< empty: of the whole cluster
  const std::vector<RoleRule>& rules;
};

/// Objects of the whole cluster have one name for all namespaces, in which no colon can stand.
std::vector<Half> halves_of(const Roles& roles) {
  std::vector<Half> halves;
  if (!roles.in_namespace.empty()) halves.push_back({"Role", roles.name, roles.namespace_, roles.in_namespace});
  if (!roles.in_cluster.empty())
    halves.push_back({"ClusterRole", roles.namespace_ + ":" + roles.name, "", roles.in_cluster});
  return halves;
}

Json head_of(const Half& half, const std::string& kind) {
  auto metadata = Json::object({{"name", half.name}});
  if (!half.namespace_.empty()) metadata["namespace"] = half.namespace_;
  return Json::object({{"apiVersion", fmt::format("{}/v1", kGroup)}, {"kind", kind}, {"metadata", metadata}});
}

Json to_json(const RoleRule& rule) {
  auto json = Json::object({{"apiGroups", Json::array({rule.group})}, {"resources", Json::array({rule.resource})}});
  if (!rule.names.empty()) json["resourceNames"] = json_list(rule.names);
  json["verbs"] = json_list(rule.verbs);
  return json;
}

Json role_of(const Half& half) {
  auto role = head_of(half, half.kind);
  role["rules"] = json_list(half.rules, to_json);
  return role;
}

Json binding_of(const Half& half, const Roles& roles) {
  auto binding = head_of(half, half.kind + "Binding");
  binding["roleRef"] = Json::object({{"apiGroup", kGroup}, {"kind", half.kind}, {"name", half.name}});
  binding["subjects"] = Json::array(
      {Json::object({{"kind", "ServiceAccount"}, {"name", roles.account}, {"namespace", roles.account_namespace}})});
  return binding;
}

/// Members a line each; what they hold is JSON, which YAML can read.
std::string members_text(const Json& object, std::string_view first, std::string_view others) {
  std::string text;
  for (const auto& [key, value] : object.members())
    text += fmt::format("{}{}: {}\n", text.empty() ? first : others, key, to_text(value));
  return text;
}

std::string rules_text(const std::vector<RoleRule>& rules) {
  std::string text = "rules:\n";
  for (const auto& rule : rules) {
    for (const auto& reason : rule.reasons) text += fmt::format("  # {}\n", reason);
    text += members_text(to_json(rule), "  - ", "    ");
  }
  return text;
}

}  // namespace

std::string to_yaml(const Roles& roles) {
  std::string text;
  for (const auto& half : halves_of(roles)) {
    text += "---\n" + members_text(head_of(half, half.kind), "", "") + rules_text(half.rules);
    text += "---\n" + members_text(binding_of(half, roles), "", "");
  }
  return text;
}

std::vector<Json> to_objects(const Roles& roles) {
  std::vector<Json> objects;
  for (const auto& half : halves_of(roles)) {
    objects.push_back(role_of(half));
    objects.push_back(binding_of(half, roles));
  }
  return objects;
}

}  // namespace baton::rollout
