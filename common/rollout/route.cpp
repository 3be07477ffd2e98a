// HTTPRoutes, by compare-and-swap.
#include "common/rollout/route.h"

#include <fmt/format.h>

#include <algorithm>

#include "common/config/sections/switch.h"
#include "common/io/wait.h"
#include "common/rollout/change.h"
#include "common/rollout/intent.h"
#include "common/rollout/live.h"
#include "common/rollout/next.h"
#include "common/rollout/pods.h"
#include "common/rollout/strategy.h"

namespace baton::rollout {
namespace {

using namespace std::chrono_literals;

constexpr Duration kAccepted = 10s;

std::string first_of(const Json& backends) {
  const auto& all = backends.items_or_none();
  return all.empty() ? "" : all.front()["name"].string_or("");
}

bool names(const Json& rule, const std::string& service) {
  return std::ranges::any_of(rule["backendRefs"].items_or_none(),
                             [&](const Json& one) { return one["name"].string_or("") == service; });
}

template <class Take>
void each_rule(const Json& route, Take take) {
  std::size_t at = 0;
  for (const auto& rule : route["spec"]["rules"].items_or_none()) take(at++, rule);
}

std::string path_of(std::size_t rule) { return fmt::format("/spec/rules/{}/backendRefs", rule); }

/// By the rule's number, for those that were changed.
Json kept_backends(const Json& route) {
  const auto* kept = route["metadata"]["annotations"].find(kBackendsAnnotation);
  return kept == nullptr ? Json::object() : parse_json(kept->string(), std::string(kBackendsAnnotation));
}

/// The owner's backend, with a part of its weight; the rest goes to the next colour.
Json shared(const Json& backend, const Move& move) {
  auto old = backend;
  auto next = backend;
  old["weight"] = kAll - move.share;
  next["name"] = move.deployment;
  next["weight"] = move.share;
  return Json::array({old, next});
}

/// Where its owner moved rules about meanwhile, what is there without the next colour.
Json restored(const Json& rule, const Json& kept, const Move& move) {
  if (first_of(kept) == move.service) return kept;
  auto backends = Json::array();
  for (const auto& one : rule["backendRefs"].items()) {
    if (one["name"].string_or("") == move.deployment) continue;
    auto back = one;
    back["weight"] = 1;
    backends.push_back(back);
  }
  return backends;
}

/// Empty: it took the route as it is.
std::string why_not_taken(const Json& parent, std::int64_t generation) {
  for (const std::string_view type : {"Accepted", "ResolvedRefs"}) {
    const auto& conditions = parent["conditions"].items_or_none();
    const auto found =
        std::ranges::find_if(conditions, [&](const Json& one) { return one["type"].string_or("") == type; });
    if (found == conditions.end() || (*found)["observedGeneration"].integer_or(0) < generation)
      return fmt::format("its {} condition is not of this change", type);
    if ((*found)["status"].string_or("") != "True")
      return fmt::format("{}: {}: {}", type, (*found)["reason"].string_or(""), (*found)["message"].string_or(""));
  }
  return "";
}

std::string why_not_taken(const Json& route) {
  const auto& parents = route["status"]["parents"].items_or_none();
  if (parents.empty()) return "no gateway has taken it";
  for (const auto& parent : parents) {
    const auto why = why_not_taken(parent, route["metadata"]["generation"].integer_or(0));
    if (!why.empty()) return fmt::format("gateway '{}': {}", parent["parentRef"]["name"].string_or(""), why);
  }
  return "";
}

}  // namespace

std::string route_of(const Context& context) {
  const auto& config = context.config.rollout();
  if (config.strategy != kCanary || config.canary.traffic != kGatewayApi) return "";
  return config.canary.route.empty() ? context.app : config.canary.route;
}

std::string why_no_share(const Json& route, const std::string& service) {
  bool is_named = false;
  std::string why;
  each_rule(route, [&](std::size_t at, const Json& rule) {
    if (!names(rule, service)) return;
    is_named = true;
    if (rule["backendRefs"].size() > 1)
      why = fmt::format("its rule {} shares traffic between several backends already", at + 1);
  });
  return is_named ? why : fmt::format("none of its rules sends traffic to the Service '{}'", service);
}

void create_colour_service(Context& context, const Lease& lease, const Move& move) {
  if (move.route.empty() || context.kube.find(kube::kServices, move.deployment, context.stop)) return;
  const auto service = find_service(context);
  auto ports = Json::array();
  for (auto port : service["spec"]["ports"].items()) {
    port.erase("nodePort");
    ports.push_back(port);
  }
  const auto annotations = Json::object({{std::string(kIdAnnotation), move.id}});
  lease.confirm();
  context.kube.create(
      kube::kServices,
      Json::object({{"apiVersion", "v1"},
                    {"kind", "Service"},
                    {"metadata", Json::object({{"name", move.deployment}, {"annotations", annotations}})},
                    {"spec", Json::object({{"selector", to_json(move.selector_after)}, {"ports", ports}})}}),
      context.stop);
}

void drop_colour_service(Context& context, const Lease& lease, const Move& move) {
  if (move.route.empty()) return;
  const auto found = context.kube.find(kube::kServices, move.deployment, context.stop);
  if (!found || id_of(*found) != move.id) return;
  lease.confirm();
  context.kube.remove(kube::kServices, move.deployment, {.uid = uid_of(*found)}, context.stop);
}

void weigh_route(Context& context, const Lease& lease, const Move& move) {
  if (move.route.empty()) return;
  const bool is_there = change(context, lease, kube::kHttpRoutes, move.route, [&](Json& operations, const Json& route) {
    auto kept = kept_backends(route);
    each_rule(route, [&](std::size_t at, const Json& rule) {
      if (!names(rule, move.service)) return;
      const auto number = std::to_string(at);
      if (kept.find(number) == nullptr) kept[number] = rule["backendRefs"];
      const auto wanted = shared(kept[number].items().front(), move);
      if (rule["backendRefs"] != wanted) operations.push_back(operation("replace", path_of(at), wanted));
    });
    if (kept != kept_backends(route)) add_annotation(operations, route, kBackendsAnnotation, to_text(kept));
  });
  if (!is_there)
    throw Error(ExitCode::stop, fmt::format("there is no HTTPRoute '{}'", move.route),
                "Name the route that brings users to the Service in switch.canary.route.");
}

void restore_route(Context& context, const Lease& lease, const Move& move) {
  if (move.route.empty()) return;
  change(context, lease, kube::kHttpRoutes, move.route, [&](Json& operations, const Json& route) {
    const auto kept = kept_backends(route);
    each_rule(route, [&](std::size_t at, const Json& rule) {
      if (!names(rule, move.deployment)) return;
      operations.push_back(operation("replace", path_of(at), restored(rule, kept[std::to_string(at)], move)));
    });
    if (route["metadata"]["annotations"].find(kBackendsAnnotation) != nullptr)
      operations.push_back(removal("/metadata/annotations/" + kube::pointer_token(kBackendsAnnotation)));
  });
}

Finding await_route(Context& context, const Move& move) {
  Finding finding{.id = "route-taken",
                  .sop = "2c",
                  .title = fmt::format("The gateway took the route, {} % for the new version", move.share),
                  .critical = true,
                  .outcome = Outcome::pass,
                  .observed = Measured(move.route)};
  Wait wait(context.patience(), fmt::format("the gateway to take the route '{}'", move.route), kAccepted);
  for (;;) {
    const auto route = context.kube.get(kube::kHttpRoutes, move.route, context.stop);
    finding.message = why_not_taken(route);
    if (finding.message.empty()) return finding;
    if (wait.is_over()) {
      finding.outcome = Outcome::fail;
      finding.message = fmt::format("HTTPRoute '{}': {}", move.route, finding.message);
      return finding;
    }
    wait.pause(50ms, finding.message);
  }
}

}  // namespace baton::rollout
