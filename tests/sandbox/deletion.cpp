// Termination and garbage.
#include "tests/sandbox/deletion.h"

#include <array>
#include <set>

#include "tests/sandbox/json_tools.h"

namespace baton::sandbox {
namespace {

constexpr std::array kDependents = {"ReplicaSet", "Pod", "EndpointSlice"};
constexpr std::array kOwners = {"Deployment", "ReplicaSet", "StatefulSet", "DaemonSet", "Service"};

/// Owned by several that do not control it: it goes with the last one, and forgets those that went before.
void collect_config_maps(Store& store, const std::set<std::string>& alive) {
  const auto& kind = kind_named("ConfigMap");
  const auto is_gone = [&](const Json& owner) { return !alive.contains(owner["uid"].string_or("")); };
  for (const auto& object : store.list(kind).items) {
    auto owners = object["metadata"]["ownerReferences"].items_or_none();
    if (std::erase_if(owners, is_gone) == 0) continue;
    if (owners.empty()) {
      store.remove(key_of(kind, object));
    } else {
      store.update_if_there(key_of(kind, object),
                            [&](Json& left) { left["metadata"]["ownerReferences"] = Json::array(owners); });
    }
  }
}

}  // namespace

std::optional<Json> terminate_pod(Store& store, const Key& key, std::chrono::seconds grace, Time now) {
  return store.update_if_there(key, [&](Json& pod) {
    if (is_terminating(pod)) return;
    pod["metadata"]["deletionTimestamp"] = seconds_stamp(now + grace);
    pod["metadata"]["deletionGracePeriodSeconds"] = grace.count();
  });
}

std::chrono::seconds grace_of(const Json& pod) {
  return std::chrono::seconds(pod["spec"]["terminationGracePeriodSeconds"].integer_or(30));
}

void collect_garbage(Store& store, Time now) {
  std::set<std::string> alive;
  for (const auto* name : kOwners) {
    for (const auto& owner : store.list(kind_named(name)).items) alive.insert(uid_of(owner));
  }
  collect_config_maps(store, alive);
  for (const auto* name : kDependents) {
    const auto& kind = kind_named(name);
    for (const auto& object : store.list(kind).items) {
      const auto owner = controller_uid(object);
      if (owner.empty() || alive.contains(owner)) continue;
      if (kind.name == "Pod") {
        terminate_pod(store, key_of(kind, object), grace_of(object), now);
      } else {
        store.remove(key_of(kind, object));
      }
    }
  }
}

void orphan_dependents(Store& store, const std::string& owner_uid) {
  for (const auto* name : kDependents) {
    const auto& kind = kind_named(name);
    for (const auto& object : store.list(kind).items) {
      if (controller_uid(object) != owner_uid) continue;
      store.update_if_there(key_of(kind, object),
                            [](Json& dependent) { dependent["metadata"].erase("ownerReferences"); });
    }
  }
}

}  // namespace baton::sandbox
