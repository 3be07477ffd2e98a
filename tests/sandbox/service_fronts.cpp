// Fronts and slices.
#include "tests/sandbox/service_fronts.h"

#include <set>
#include <stdexcept>

#include "tests/sandbox/json_tools.h"
#include "tests/sandbox/select.h"

namespace baton::sandbox {
namespace {

bool has(const Json& endpoint, std::string_view condition) {
  return endpoint["conditions"][condition].boolean_or(false);
}
bool is_ready(const Json& endpoint) { return has(endpoint, "ready"); }
bool is_last_resort(const Json& endpoint) { return has(endpoint, "serving") && has(endpoint, "terminating"); }

std::vector<Backend> backends_where(const std::vector<Json>& slices, const Json& port, bool (*is_wanted)(const Json&)) {
  std::vector<Backend> backends;
  for (const auto& slice : slices) {
    for (const auto& one : slice["ports"].items_or_none()) {
      if (one["name"].string_or("") != port["name"].string_or("")) continue;
      for (const auto& endpoint : slice["endpoints"].items_or_none()) {
        if (!is_wanted(endpoint)) continue;
        backends.push_back({.address = endpoint["addresses"].items().front().string(),
                            .port = static_cast<int>(one["port"].integer())});
      }
    }
  }
  return backends;
}

std::vector<Backend> backends_of(const std::vector<Json>& slices, const Json& port) {
  const auto ready = backends_where(slices, port, is_ready);
  return ready.empty() ? backends_where(slices, port, is_last_resort) : ready;
}

std::vector<Json> slices_of(const Store& store, const Json& service) {
  const auto label = "kubernetes.io/service-name=" + name_of(service);
  auto slices = store.list(kind_named("EndpointSlice"), namespace_of(service)).items;
  std::erase_if(slices, [&](const Json& slice) { return !is_selected(slice, {.labels = label, .fields = ""}); });
  return slices;
}

}  // namespace

std::vector<Backend> backends_behind(const Store& store, const Json& service, const Json& port) {
  return backends_of(slices_of(store, service), port);
}

void ServiceFronts::sync() {
  std::set<std::string> there;
  for (const auto& service : store_.list(kind_named("Service")).items) {
    const auto address = service["spec"]["clusterIP"].string_or("");
    if (address.empty() || address == "None") continue;
    const auto slices = slices_of(store_, service);
    for (const auto& port : service["spec"]["ports"].items()) {
      const auto number = static_cast<int>(port["port"].integer());
      const auto place = address + ":" + std::to_string(number);
      there.insert(place);
      if (!fronts_.contains(place)) open(place, service, number);
      follow(fronts_[place], backends_of(slices, port));
    }
  }
  std::erase_if(fronts_, [&](const auto& entry) { return !there.contains(entry.first); });
}

void ServiceFronts::open(const std::string& place, const Json& service, int port) {
  auto& front = fronts_[place];
  try {
    front.tcp = std::make_unique<TcpFront>(service["spec"]["clusterIP"].string(), port);
  } catch (const std::runtime_error& error) {
    recorder_.record(service, EventType::warning, "FrontFailed", error.what());
  }
}

void ServiceFronts::follow(Front& front, std::vector<Backend> wanted) {
  if (front.wanted != wanted) {
    front.wanted = std::move(wanted);
    front.changed_at = clock_.now();
  }
  if (!front.tcp || front.backends == front.wanted || clock_.now() - front.changed_at < delay_) return;
  front.backends = front.wanted;
  front.tcp->set_backends(front.backends);
}

}  // namespace baton::sandbox
