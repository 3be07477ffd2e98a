// The EndpointSlice controller.
#include "common/core/digest.h"
#include "tests/sandbox/controllers.h"
#include "tests/sandbox/json_tools.h"
#include "tests/sandbox/select.h"

namespace baton::sandbox {
namespace {

const Kind& slice_kind() { return kind_named("EndpointSlice"); }

std::int64_t target_port(const Json& port, const std::vector<Json>& pods) {
  const auto& target = port["targetPort"];
  if (target.is_integer()) return target.integer();
  for (const auto& pod : pods) {
    for (const auto& container : pod["spec"]["containers"].items_or_none()) {
      for (const auto& one : container["ports"].items_or_none()) {
        if (one["name"] == target) return one["containerPort"].integer();
      }
    }
  }
  return port["port"].integer();
}

Json endpoint(const Json& pod) {
  const bool is_serving = has_condition(pod, "Ready");
  const bool is_ending = is_terminating(pod);
  return Json::object(
      {{"addresses", Json::array({pod["status"]["podIP"]})},
       {"conditions",
        Json::object({{"ready", is_serving && !is_ending}, {"serving", is_serving}, {"terminating", is_ending}})},
       {"targetRef",
        Json::object(
            {{"kind", "Pod"}, {"namespace", namespace_of(pod)}, {"name", name_of(pod)}, {"uid", uid_of(pod)}})},
       {"nodeName", pod["spec"]["nodeName"]}});
}

std::vector<Json> pods_behind(const Store& store, const Json& service) {
  auto pods = store.list(kind_named("Pod"), namespace_of(service)).items;
  std::erase_if(pods, [&](const Json& pod) {
    return pod["status"]["podIP"].is_null() || !matches_map(service["spec"]["selector"], pod["metadata"]["labels"]);
  });
  return pods;
}

Json slice_for(const Json& service, const std::vector<Json>& pods) {
  auto endpoints = Json::array();
  for (const auto& pod : pods) endpoints.push_back(endpoint(pod));
  auto ports = Json::array();
  for (const auto& port : service["spec"]["ports"].items()) {
    ports.push_back(Json::object({{"name", port["name"].string_or("")},
                                  {"protocol", port["protocol"].string_or("TCP")},
                                  {"port", target_port(port, pods)}}));
  }
  const auto labels = Json::object({{"kubernetes.io/service-name", name_of(service)},
                                    {"endpointslice.kubernetes.io/managed-by", "endpointslice-controller.k8s.io"}});
  return Json::object(
      {{"metadata", Json::object({{"name", name_of(service) + "-" + sha256_hex(uid_of(service)).substr(0, 5)},
                                  {"namespace", namespace_of(service)},
                                  {"labels", labels},
                                  {"ownerReferences", Json::array({controller_reference(service)})}})},
       {"addressType", "IPv4"},
       {"endpoints", std::move(endpoints)},
       {"ports", std::move(ports)}});
}

}  // namespace

void sync_endpoint_slices(Store& store) {
  for (const auto& service : store.list(kind_named("Service")).items) {
    if (service["spec"]["selector"].members_or_none().empty()) continue;
    const auto wanted = slice_for(service, pods_behind(store, service));
    const auto key = key_of(slice_kind(), wanted);
    if (!store.find(key)) {
      store.create(slice_kind(), wanted);
      continue;
    }
    store.update_if_there(key, [&](Json& slice) {
      slice["endpoints"] = wanted["endpoints"];
      slice["ports"] = wanted["ports"];
    });
  }
}

}  // namespace baton::sandbox
