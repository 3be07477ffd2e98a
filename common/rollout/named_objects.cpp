// References in pod specs.
#include "common/rollout/named_objects.h"

namespace baton::rollout {
namespace {

using Keys = std::map<std::string, std::set<std::string>>;

/// Of a reference: {name or secretName, key or items, optional}.
void add(Keys& named, const Json& reference) {
  const auto name = reference["name"].string_or(reference["secretName"].string_or(""));
  if (name.empty() || reference["optional"].boolean_or(false)) return;
  auto& keys = named[name];
  if (const auto key = reference["key"].string_or(""); !key.empty()) keys.insert(key);
  for (const auto& item : reference["items"].items_or_none()) keys.insert(item["key"].string_or(""));
}

void add_environment(NamedObjects& named, const Json& container) {
  for (const auto& variable : container["env"].items_or_none()) {
    add(named.config_maps, variable["valueFrom"]["configMapKeyRef"]);
    add(named.secrets, variable["valueFrom"]["secretKeyRef"]);
  }
  for (const auto& source : container["envFrom"].items_or_none()) {
    add(named.config_maps, source["configMapRef"]);
    add(named.secrets, source["secretRef"]);
  }
}

/// A volume, or one source of a projected one.
void add_volume(NamedObjects& named, const Json& volume) {
  add(named.config_maps, volume["configMap"]);
  add(named.secrets, volume["secret"]);
  for (const auto& source : volume["projected"]["sources"].items_or_none()) add_volume(named, source);
}

}  // namespace

NamedObjects named_in(const Json& pod_spec) {
  NamedObjects named;
  for (const auto* kind : {"initContainers", "containers"}) {
    for (const auto& container : pod_spec[kind].items_or_none()) add_environment(named, container);
  }
  for (const auto& volume : pod_spec["volumes"].items_or_none()) add_volume(named, volume);
  for (const auto& secret : pod_spec["imagePullSecrets"].items_or_none()) add(named.secrets, secret);
  return named;
}

std::vector<std::string> secrets_of(const Json& deployment) {
  std::vector<std::string> names;
  for (const auto& [name, keys] : named_in(deployment["spec"]["template"]["spec"]).secrets) names.push_back(name);
  return names;
}

}  // namespace baton::rollout
