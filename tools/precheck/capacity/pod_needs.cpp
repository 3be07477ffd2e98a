// Sums over containers.
#include "tools/precheck/capacity/pod_needs.h"

#include <fmt/format.h>

#include <algorithm>

#include "common/core/text.h"

namespace baton::precheck {
namespace {

Amounts of_resources(const Json& resources, Ask ask) {
  auto amounts = amounts_in(resources[ask == Ask::requests ? "requests" : "limits"]);
  if (ask == Ask::limits) return amounts;
  for (const auto& [name, limit] : amounts_in(resources["limits"])) amounts.try_emplace(name, limit);
  return amounts;
}

bool is_sidecar(const Json& container) { return container["restartPolicy"].string_or("") == "Always"; }

/// "0.0.0.0" and "::" are all addresses, and so is none.
std::string address_of(const Json& port) {
  const auto address = port["hostIP"].string_or("");
  return address.empty() || address == "::" ? "0.0.0.0" : address;
}

void add_ports(const Json& spec, const Json& container, std::set<std::string>& ports) {
  const bool is_on_node = spec["hostNetwork"].boolean_or(false);
  for (const auto& port : container["ports"].items_or_none()) {
    const auto number = port["hostPort"].integer_or(is_on_node ? port["containerPort"].integer_or(0) : 0);
    if (number != 0) ports.insert(fmt::format("{} {} {}", port["protocol"].string_or("TCP"), number, address_of(port)));
  }
}

/// Both as host_ports_of() writes them.
bool is_same_port(std::string_view one, std::string_view other) {
  const auto end = one.rfind(' ');
  const auto other_end = other.rfind(' ');
  const auto address = one.substr(end + 1);
  const auto other_address = other.substr(other_end + 1);
  return one.substr(0, end) == other.substr(0, other_end) &&
         (address == other_address || address == "0.0.0.0" || other_address == "0.0.0.0");
}

}  // namespace

Amounts needs_of(const Json& spec, Ask ask) {
  Amounts together;
  for (const auto& container : spec["containers"].items_or_none())
    add(together, of_resources(container["resources"], ask));
  Amounts sidecars;
  Amounts largest;
  for (const auto& container : spec["initContainers"].items_or_none()) {
    auto own = of_resources(container["resources"], ask);
    if (is_sidecar(container)) {
      add(sidecars, own);
      raise(largest, sidecars);
      continue;
    }
    add(own, sidecars);
    raise(largest, own);
  }
  add(together, sidecars);
  raise(together, largest);
  for (const auto& [name, value] : of_resources(spec["resources"], ask)) together[name] = value;
  // Limits of a pod grow with its overhead only where there is a limit at all.
  for (const auto& [name, value] : amounts_in(spec["overhead"])) {
    if (ask == Ask::requests || amount(together, name) > 0) add(together, {{name, value}});
  }
  return together;
}

std::set<std::string> host_ports_of(const Json& spec) {
  std::set<std::string> ports;
  for (const auto& container : spec["containers"].items_or_none()) add_ports(spec, container, ports);
  for (const auto& container : spec["initContainers"].items_or_none()) {
    if (is_sidecar(container)) add_ports(spec, container, ports);
  }
  return ports;
}

bool clash(const std::set<std::string>& one, const std::set<std::string>& other) {
  return std::ranges::any_of(one, [&](const std::string& here) {
    return std::ranges::any_of(other, [&](const std::string& there) { return is_same_port(here, there); });
  });
}

std::set<std::string> claims_of(const Json& spec) {
  std::set<std::string> claims;
  for (const auto& volume : spec["volumes"].items_or_none()) {
    const auto name = volume["persistentVolumeClaim"]["claimName"].string_or("");
    if (!name.empty()) claims.insert(name);
  }
  return claims;
}

std::size_t own_volumes_of(const Json& spec) {
  const auto& volumes = spec["volumes"].items_or_none();
  return static_cast<std::size_t>(
      std::ranges::count_if(volumes, [](const Json& volume) { return !volume["ephemeral"].is_null(); }));
}

}  // namespace baton::precheck
