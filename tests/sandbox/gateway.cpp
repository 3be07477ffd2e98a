// Weights as slots.
#include "tests/sandbox/gateway.h"

#include <algorithm>

#include "tests/sandbox/json_tools.h"
#include "tests/sandbox/service_fronts.h"

namespace baton::sandbox {
namespace {

constexpr int kPort = 80;
constexpr std::int64_t kSlots = 100;

std::string key_for(const std::string& ns, const std::string& name) { return ns + "/" + name; }

Json condition(const char* type, bool is_true, const Json& route, const Clock& clock) {
  return Json::object({{"type", type},
                       {"status", is_true ? "True" : "False"},
                       {"reason", is_true ? type : "BackendNotFound"},
                       {"message", ""},
                       {"observedGeneration", route["metadata"]["generation"].integer_or(0)},
                       {"lastTransitionTime", to_rfc3339(clock.now())}});
}

/// Nobody here looks into requests.
bool asks_for_headers(const Json& rule) {
  return std::ranges::any_of(rule["matches"].items_or_none(),
                             [](const Json& match) { return match.find("headers") != nullptr; });
}

}  // namespace

void Gateway::sync() {
  for (const auto& route : store_.list(kind_named("HTTPRoute")).items) {
    bool is_resolved = true;
    auto backends = backends_of(route, is_resolved);
    {
      const std::scoped_lock lock(mutex_);
      auto& front = front_of(key_for(namespace_of(route), name_of(route)));
      if (front.backends != backends) front.tcp->set_backends(backends);
      front.backends = std::move(backends);
    }
    take(route, is_resolved);
  }
}

std::string Gateway::url(const std::string& ns, const std::string& route) const {
  const std::scoped_lock lock(mutex_);
  const auto found = fronts_.find(key_for(ns, route));
  return found == fronts_.end() ? "" : "http://" + found->second.address + ":" + std::to_string(kPort);
}

Gateway::Front& Gateway::front_of(const std::string& key) {
  auto& front = fronts_[key];
  if (!front.tcp) {
    front.address = network_.new_service_address();
    front.tcp = std::make_unique<TcpFront>(front.address, kPort);
  }
  return front;
}

/// A Service without pods keeps its slots: gateways fail its share rather than give it to the others.
std::vector<Backend> Gateway::backends_of(const Json& route, bool& is_resolved) const {
  std::vector<Backend> slots;
  for (const auto& rule : route["spec"]["rules"].items_or_none()) {
    if (asks_for_headers(rule)) continue;
    std::int64_t sum = 0;
    for (const auto& one : rule["backendRefs"].items_or_none()) sum += one["weight"].integer_or(1);
    for (const auto& one : rule["backendRefs"].items_or_none()) {
      const auto service =
          store_.find({.kind = &kind_named("Service"), .ns = namespace_of(route), .name = one["name"].string_or("")});
      is_resolved = is_resolved && service.has_value();
      std::vector<Backend> pods;
      if (service) pods = backends_behind(store_, *service, (*service)["spec"]["ports"].items().front());
      const auto count = sum == 0 ? 0 : kSlots * one["weight"].integer_or(1) / sum;
      for (std::int64_t at = 0; at < count; ++at)
        slots.push_back(pods.empty() ? Backend{.address = "127.0.0.1", .port = 1}
                                     : pods[static_cast<std::size_t>(at) % pods.size()]);
    }
  }
  return slots;
}

void Gateway::take(const Json& route, bool is_resolved) {
  auto parents = Json::array();
  for (const auto& parent : route["spec"]["parentRefs"].items_or_none()) {
    parents.push_back(
        Json::object({{"parentRef", parent},
                      {"controllerName", "sandbox/gateway"},
                      {"conditions", Json::array({condition("Accepted", true, route, clock_),
                                                  condition("ResolvedRefs", is_resolved, route, clock_)})}}));
  }
  const auto is_new = [&](const Json& now) {
    const auto& before = now["status"]["parents"].items_or_none();
    if (before.empty()) return true;
    const auto& conditions = before.front()["conditions"].items();
    return conditions.back()["observedGeneration"] != route["metadata"]["generation"] ||
           (conditions.back()["status"] == Json("True")) != is_resolved;
  };
  if (!is_new(route)) return;
  store_.update_if_there(key_of(kind_named("HTTPRoute"), route),
                         [&](Json& stored) { stored["status"]["parents"] = parents; });
}

}  // namespace baton::sandbox
