// The admission plugin LimitRanger.
#include "tools/precheck/capacity/limit_range.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "common/core/printable.h"
#include "tools/precheck/capacity/pod_needs.h"

namespace baton::precheck {
namespace {

constexpr const char* kContainerLists[] = {"containers", "initContainers"};  // NOLINT(*-avoid-c-arrays)

template <typename Take>
void each_limit(const std::vector<Json>& ranges, std::string_view type, Take take) {
  for (const auto& range : ranges) {
    for (const auto& limit : range["spec"]["limits"].items_or_none()) {
      if (limit["type"].string_or("") == type) take(range["metadata"]["name"].string_or("?"), limit);
    }
  }
}

void give(Json& container, std::string_view list, std::string_view name, const Json& quantity) {
  if (std::as_const(container)["resources"][list][name].is_null()) container["resources"][list][name] = quantity;
}

void give_defaults(Json& container, const std::vector<Json>& ranges) {
  // The API server makes a limit the request before any plugin sees the pod.
  const auto own_limits = std::as_const(container)["resources"]["limits"];
  for (const auto& [name, limit] : own_limits.members_or_none()) give(container, "requests", name, limit);
  each_limit(ranges, "Container", [&](const std::string& /*range*/, const Json& limit) {
    for (const auto& [name, quantity] : limit["default"].members_or_none()) give(container, "limits", name, quantity);
    for (const auto& [name, quantity] : limit["defaultRequest"].members_or_none())
      give(container, "requests", name, quantity);
  });
}

struct Asked {
  std::string who;
  Amounts requests;
  Amounts limits;
};

std::optional<std::string> against(const Asked& asked, const Json& limit) {
  for (const auto& [name, least] : amounts_in(limit["min"])) {
    const auto request = amount(asked.requests, name);
    if (request < least)
      return fmt::format("{} asks for {} of {}, at least {}", asked.who, amount_text(name, request), name,
                         amount_text(name, least));
  }
  for (const auto& [name, most] : amounts_in(limit["max"])) {
    const auto found = asked.limits.find(name);
    if (found == asked.limits.end()) return fmt::format("{} has no limit of {}", asked.who, name);
    if (found->second > most)
      return fmt::format("{} may use {} of {}, at most {}", asked.who, amount_text(name, found->second), name,
                         amount_text(name, most));
  }
  for (const auto& [name, ratio] : amounts_in(limit["maxLimitRequestRatio"])) {
    const auto request = amount(asked.requests, name);
    const auto thousandths = name == kCpu ? 1000 : 1;  // a ratio of cpu was read as an amount of it
    if (request > 0 && amount(asked.limits, name) * thousandths > request * ratio)
      return fmt::format("{}'s limit of {} is too large a multiple of its request", asked.who, name);
  }
  return std::nullopt;
}

std::vector<Asked> containers_of(const Json& spec) {
  std::vector<Asked> all;
  for (const auto* list : kContainerLists) {
    for (const auto& container : spec[list].items_or_none()) {
      const auto& resources = container["resources"];
      all.push_back({.who = fmt::format("container '{}'", printable(container["name"].string_or("?"), 63)),
                     .requests = amounts_in(resources["requests"]),
                     .limits = amounts_in(resources["limits"])});
    }
  }
  return all;
}

}  // namespace

Json with_defaults(Json spec, const std::vector<Json>& ranges) {
  for (const auto* list : kContainerLists) {
    if (!std::as_const(spec)[list].is_array()) continue;
    for (auto& container : spec[list].items()) give_defaults(container, ranges);
  }
  return spec;
}

std::optional<std::string> refusal_of_range(const Json& spec, const std::vector<Json>& ranges) {
  std::optional<std::string> refusal;
  const auto look = [&](const std::string& range, const Json& limit, const Asked& asked) {
    if (refusal) return;
    if (const auto why = against(asked, limit))
      refusal = fmt::format("LimitRange '{}' refuses its pods: {}", printable(range, 63), *why);
  };
  const auto containers = containers_of(spec);
  each_limit(ranges, "Container", [&](const std::string& range, const Json& limit) {
    for (const auto& asked : containers) look(range, limit, asked);
  });
  const Asked pod{.who = "the pod", .requests = needs_of(spec), .limits = needs_of(spec, Ask::limits)};
  each_limit(ranges, "Pod", [&](const std::string& range, const Json& limit) { look(range, limit, pod); });
  return refusal;
}

}  // namespace baton::precheck
