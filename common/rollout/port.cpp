// The app's port.
#include "common/rollout/port.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <vector>

#include "common/config/sections/kubernetes.h"
#include "common/core/error.h"
#include "common/core/text.h"
#include "common/rollout/pods.h"

namespace baton::rollout {
namespace {

std::string text_of(const Json& port) { return port.is_string() ? port.string() : std::to_string(port.integer_or(0)); }

std::optional<int> named_port(const Json& pod, const std::string& name) {
  for (const auto& container : pod["spec"]["containers"].items_or_none()) {
    for (const auto& port : container["ports"].items_or_none()) {
      if (port["name"].string_or("") == name) return static_cast<int>(port["containerPort"].integer());
    }
  }
  return std::nullopt;
}

/// Nothing where the pod has no port of that name.
std::optional<int> number_of(const Json& port, const Json& pod) {
  return port.is_string() ? named_port(pod, port.string()) : static_cast<int>(port.integer_or(0));
}

Json target_of(const Json& port) { return port["targetPort"].is_null() ? port["port"] : port["targetPort"]; }

bool is_called(const Json& port, const std::string& name) {
  return port["name"].string_or("") == name || text_of(port["port"]) == name || text_of(target_of(port)) == name;
}

/// Of the containers in their order.
std::vector<int> probed_ports(const Json& pod) {
  std::vector<int> probed;
  for (const auto& container : pod["spec"]["containers"].items_or_none()) {
    const auto& probe = container["readinessProbe"];
    for (const auto* kind : {"httpGet", "grpc", "tcpSocket"}) {
      const auto& port = probe[kind]["port"];
      if (const auto number = port.is_null() ? std::nullopt : number_of(port, pod)) probed.push_back(*number);
    }
  }
  return probed;
}

/// Of a headless Service that names no port its clients take the pod's own.
AppPort own_port(const Config& config, const Json& pod) {
  auto ports = probed_ports(pod);
  for (const auto& container : pod["spec"]["containers"].items_or_none()) {
    for (const auto& port : container["ports"].items_or_none()) {
      const auto number = static_cast<int>(port["containerPort"].integer_or(0));
      const auto& wanted = config.kubernetes().port;
      if (!wanted.empty() && (port["name"] == Json(wanted) || std::to_string(number) == wanted))
        return {.service = number, .container = number};
      ports.push_back(number);
    }
  }
  if (ports.empty() || !config.kubernetes().port.empty())
    throw Error(ExitCode::usage, fmt::format("neither the Service nor pod '{}' names the port to ask", name_of(pod)),
                "Name the container's port in the manifest, and in kubernetes.port.");
  return {.service = ports.front(), .container = ports.front()};
}

const Json& chosen(const Config& config, const Json& service, const Json& pod) {
  const auto& ports = service["spec"]["ports"].items();
  const auto find = [&](const auto& is_it) { return std::ranges::find_if(ports, is_it); };
  if (const auto& name = config.kubernetes().port; !name.empty()) {
    const auto named = find([&](const Json& port) { return is_called(port, name); });
    if (named != ports.end()) return *named;
    std::vector<std::string> all;
    for (const auto& port : ports) all.push_back(text_of(port["port"]));
    throw Error(ExitCode::usage,
                fmt::format("service '{}' has no port '{}', only '{}'", name_of(service), name, join(all, "', '")),
                "Correct kubernetes.port.");
  }
  for (const int probed : probed_ports(pod)) {
    const auto behind = find([&](const Json& port) { return number_of(target_of(port), pod) == probed; });
    if (behind != ports.end()) return *behind;
  }
  const auto http = find([](const Json& port) { return port["name"].string_or("") == "http"; });
  return http != ports.end() ? *http : ports.front();
}

}  // namespace

AppPort app_port(const Config& config, const Json& service, const Json& pod) {
  if (service["spec"]["ports"].items_or_none().empty()) return own_port(config, pod);
  const auto& port = chosen(config, service, pod);
  const auto target = target_of(port);
  if (const auto number = number_of(target, pod))
    return {.service = static_cast<int>(port["port"].integer_or(80)), .container = *number};
  throw Error(ExitCode::usage,
              fmt::format("pod '{}' has no port named '{}', which the Service sends to", name_of(pod), target.string()),
              "Name the container port in the manifest.");
}

}  // namespace baton::rollout
