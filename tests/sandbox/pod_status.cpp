// From a pod's state to its status.
#include "tests/sandbox/pod_status.h"

#include <algorithm>

#include "tests/sandbox/json_tools.h"

namespace baton::sandbox {
namespace {

constexpr std::string_view kHostAddress = "127.0.0.1";

Json waiting(std::string_view reason, const std::string& message = {}) {
  auto why = Json::object({{"reason", reason}});
  if (!message.empty()) why["message"] = message;
  return Json::object({{"waiting", std::move(why)}});
}

Json terminated(const Ending& ending) {
  return Json::object({{"terminated", Json::object({{"exitCode", ending.exit_code},
                                                    {"reason", ending.reason},
                                                    {"startedAt", seconds_stamp(ending.started_at)},
                                                    {"finishedAt", seconds_stamp(ending.finished_at)}})}});
}

Json container_state(const Pod& pod, const Json& object, const std::string& container) {
  switch (pod.state()) {
    case Pod::State::creating:
      return waiting("ContainerCreating");
    case Pod::State::image_missing:
      return waiting("ImagePullBackOff", "Back-off pulling image: manifest unknown");
    case Pod::State::backing_off:
      return waiting("CrashLoopBackOff",
                     "back-off " + std::to_string(std::chrono::floor<std::chrono::seconds>(pod.back_off()).count()) +
                         "s restarting failed container=" + container + " pod=" + name_of(object));
    case Pod::State::running:
    case Pod::State::ended:
      break;
  }
  if (pod.app() == nullptr) return waiting("ContainerCreating");
  return Json::object({{"running", Json::object({{"startedAt", seconds_stamp(pod.app()->started_at())}})}});
}

Json container_status(const Pod& pod, const Json& object, const Json& container) {
  const auto name = container["name"].string();
  const auto image = container["image"].string();
  const bool is_running = pod.state() == Pod::State::running;
  const bool is_first = container == object["spec"]["containers"].items().front();
  const auto restarts = is_first ? pod.restarts() : pod.sidecar_restarts();
  return Json::object(
      {{"name", name},
       {"state", container_state(pod, object, name)},
       {"lastState", pod.last_ending() ? terminated(*pod.last_ending()) : Json::object()},
       {"ready", pod.is_ready()},
       {"restartCount", restarts},
       {"image", image},
       {"imageID", pod.image_id()},
       {"started", is_running},
       {"containerID", is_running ? "sandbox://" + uid_of(object) + "-" + std::to_string(restarts) : ""}});
}

std::string_view phase_of(const Pod& pod) {
  const bool has_run = pod.app() != nullptr;
  return has_run ? "Running" : "Pending";
}

}  // namespace

Json status_of(const Pod& pod, const Json& object, Time now) {
  auto status = Json::object({{"phase", phase_of(pod)},
                              {"conditions", object["status"]["conditions"]},
                              {"hostIP", kHostAddress},
                              {"hostIPs", Json::array({Json::object({{"ip", kHostAddress}})})},
                              {"startTime", seconds_stamp(pod.created_at())},
                              {"qosClass", "Burstable"}});
  if (!pod.address().empty()) {
    status["podIP"] = pod.address();
    status["podIPs"] = Json::array({Json::object({{"ip", pod.address()}})});
  }
  const bool is_ready = pod.is_ready();
  const auto why_not = is_ready ? "" : "ContainersNotReady";
  set_condition(status, "PodScheduled", true, now);
  set_condition(status, "Initialized", true, now);
  set_condition(status, "ContainersReady", is_ready, now, why_not);
  set_condition(status, "Ready", is_ready, now, why_not);
  auto containers = Json::array();
  for (const auto& container : object["spec"]["containers"].items_or_none()) {
    containers.push_back(container_status(pod, object, container));
  }
  status["containerStatuses"] = std::move(containers);
  return status;
}

}  // namespace baton::sandbox
