// The kubelet's round.
#include "tests/sandbox/kubelet.h"

#include <fmt/format.h>

#include <set>

#include "common/core/quantity.h"
#include "common/core/units.h"
#include "tests/sandbox/json_tools.h"
#include "tests/sandbox/pod_status.h"

namespace baton::sandbox {
namespace {

constexpr double kOwnMemory = 48.0 * 1024 * 1024;

std::vector<std::string> usable_nodes(const Store& store) {
  std::vector<std::string> names;
  for (const auto& node : store.list(kind_named("Node")).items) {
    if (has_condition(node, "Ready") && !node["spec"]["unschedulable"].boolean_or(false))
      names.push_back(name_of(node));
  }
  return names;
}

double quantity(const Json& resources, const char* of, const char* what) {
  const auto parsed = parse_quantity(resources[of][what].string_or("0"));
  return parsed ? parsed->value : 0;
}

std::string image_of(const Json& pod) { return pod["spec"]["containers"].items().front()["image"].string(); }

}  // namespace

Kubelet::Kubelet(Store& store, PodWorld world)
    : store_(store), world_(std::move(world)), recorder_(store, world_.clock, "kubelet") {}

Kubelet::~Kubelet() { halt(); }

void Kubelet::halt() {
  // All at once: one after the other would take a moment for each.
  for (auto& [uid, pod] : pods_) retire(pod.take_server());
}

void Kubelet::advance() {
  std::set<std::string> there;
  for (const auto& object : store_.list(kind_named("Pod")).items) {
    there.insert(uid_of(object));
    if (object["spec"]["nodeName"].is_null()) {
      schedule(object);
    } else {
      advance_pod(object);
    }
  }
  const std::scoped_lock lock(mutex_);
  std::erase_if(pods_, [&](const auto& entry) { return !there.contains(entry.first); });
  std::erase_if(retired_, [](const auto& end) { return end.wait_for(Duration(0)) == std::future_status::ready; });
}

void Kubelet::schedule(const Json& object) {
  const auto key = key_of(kind_named("Pod"), object);
  if (is_terminating(object)) {
    store_.remove(key);
    return;
  }
  const auto nodes = usable_nodes(store_);
  if (nodes.empty()) {
    store_.update_if_there(key, [&](Json& pod) {
      set_condition(pod["status"], "PodScheduled", false, world_.clock.now(), "Unschedulable", "0 nodes are available");
    });
    return;
  }
  const auto& node = nodes[scheduled_++ % nodes.size()];
  store_.update_if_there(key, [&](Json& pod) { pod["spec"]["nodeName"] = node; });
  recorder_.record(object, EventType::normal, "Scheduled", "Successfully assigned " + name_of(object) + " to " + node);
}

void Kubelet::advance_pod(const Json& object) {
  const std::scoped_lock lock(mutex_);
  const auto [at, is_new] = pods_.try_emplace(uid_of(object), world_);
  auto& pod = at->second;
  const auto before = is_new ? Pod::State::creating : pod.state();
  pod.advance(object);
  retire(pod.take_ended_server());
  report(object, pod, before);
}

void Kubelet::report(const Json& object, const Pod& pod, Pod::State before) {
  const auto key = key_of(kind_named("Pod"), object);
  if (pod.state() == Pod::State::ended) {
    recorder_.record(object, EventType::normal, "Killing", "Stopping container");
    store_.remove(key);
    return;
  }
  store_.update_if_there(key, [&](Json& stored) { stored["status"] = status_of(pod, stored, world_.clock.now()); });
  if (pod.state() == before) return;
  if (pod.state() == Pod::State::running)
    recorder_.record(object, EventType::normal, "Started", "Started container with image " + image_of(object));
  if (pod.state() == Pod::State::backing_off)
    recorder_.record(object, EventType::warning, "BackOff", "Back-off restarting failed container");
  if (pod.state() == Pod::State::image_missing)
    recorder_.record(object, EventType::warning, "Failed", "Failed to pull image \"" + image_of(object) + "\"");
}

/// Ending a server waits for its threads: not here, where all pods would wait with it.
void Kubelet::retire(std::unique_ptr<HttpServer> server) {
  if (server == nullptr) return;
  retired_.push_back(std::async(std::launch::async, [ended = std::move(server)]() mutable { ended.reset(); }));
}

std::optional<std::vector<LogLine>> Kubelet::log(const std::string& uid, bool previous) const {
  const std::scoped_lock lock(mutex_);
  const auto found = pods_.find(uid);
  if (found == pods_.end()) return std::nullopt;
  const auto& pod = found->second;
  const auto& app = previous ? pod.previous_app() : pod.app();
  return app == nullptr ? std::nullopt : std::optional(app->log_lines());
}

std::vector<Usage> Kubelet::usage() const {
  std::vector<Usage> all;
  for (const auto& object : store_.list(kind_named("Pod")).items) {
    const auto& container = object["spec"]["containers"].items().front();
    const auto& resources = container["resources"];
    Usage usage{.ns = namespace_of(object), .pod = name_of(object), .container = container["name"].string()};
    usage.cpu_limit = quantity(resources, "limits", "cpu");
    usage.cpu_request = quantity(resources, "requests", "cpu");
    usage.memory_limit = quantity(resources, "limits", "memory");
    const std::scoped_lock lock(mutex_);
    const auto found = pods_.find(uid_of(object));
    if (found == pods_.end() || found->second.app() == nullptr) continue;
    auto& app = *found->second.app();
    const auto fault = app.fault();
    usage.cpu_seconds = app.cpu_seconds(usage.cpu_limit);
    usage.memory_bytes = fault.memory > 0 ? usage.memory_limit * fault.memory / 100 : kOwnMemory;
    usage.traffic = app.exposition(
        fmt::format("namespace=\"{}\",pod=\"{}\",container=\"{}\",", usage.ns, usage.pod, usage.container));
    all.push_back(std::move(usage));
  }
  return all;
}

}  // namespace baton::sandbox
