// HTTPRoutes, by compare-and-swap.
#include "common/rollout/route.h"

#include <fmt/format.h>

#include <algorithm>

#include "common/config/sections/switch.h"
#include "common/core/text.h"
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
constexpr std::size_t kMostRules = 16;  // of an HTTPRoute

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

/// Only the next colour's: made for testers.
bool is_of_testers(const Json& rule, const Move& move) {
  return names(rule, move.deployment) && !names(rule, move.service);
}

/// How a route tells a tester. A cookie is one of several in its header.
Json header_of(const std::string& tester) {
  const auto [name, value] = tester_in(tester).value();
  if (to_lower(name) != "cookie") return Json::object({{"name", name}, {"value", value}});
  return Json::object(
      {{"type", "RegularExpression"}, {"name", "Cookie"}, {"value", fmt::format("(.*; *)?{}(;.*)?", value)}});
}

/// The rule once more, for testers alone. It is asked first wherever it stands: more headers go before fewer.
Json for_testers(Json rule, const std::vector<std::string>& testers, const Move& move) {
  auto next = rule["backendRefs"].items().front();
  next["name"] = move.deployment;
  next["weight"] = 1;
  auto of_owner = rule["matches"].items_or_none();
  if (of_owner.empty()) of_owner.push_back(Json::object());
  auto matches = Json::array();
  for (const auto& match : of_owner) {
    for (const auto& tester : testers) {
      auto one = match;
      auto headers = match["headers"].items_or_none();
      headers.push_back(header_of(tester));
      one["headers"] = Json::array(std::move(headers));
      matches.push_back(one);
    }
  }
  rule.erase("name");  // unique in its route
  rule["matches"] = matches;
  rule["backendRefs"] = Json::array({next});
  return rule;
}

void add_testers(Json& operations, const Json& route, const std::vector<std::string>& testers, const Move& move) {
  const auto& rules = route["spec"]["rules"].items_or_none();
  if (testers.empty() || std::ranges::any_of(rules, [&](const Json& rule) { return is_of_testers(rule, move); }))
    return;
  for (const auto& rule : rules) {
    if (names(rule, move.service))
      operations.push_back(operation("add", "/spec/rules/-", for_testers(rule, testers, move)));
  }
}

/// From the last to the first, so that none changes the number of another.
void remove_testers(Json& operations, const Json& route, const Move& move) {
  const auto& rules = route["spec"]["rules"].items_or_none();
  for (auto at = rules.size(); at-- > 0;) {
    if (is_of_testers(rules[at], move)) operations.push_back(removal(fmt::format("/spec/rules/{}", at)));
  }
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

std::string route_of(const Config& config) {
  const auto& canary = config.rollout().canary;
  if (config.rollout().strategy != kCanary || canary.traffic != kGatewayApi) return "";
  return canary.route.empty() ? config.app : canary.route;
}

std::string why_no_share(const Json& route, const std::string& service, bool has_testers) {
  bool is_named = false;
  std::string why;
  std::size_t rules = 0;
  each_rule(route, [&](std::size_t at, const Json& rule) {
    rules += names(rule, service) && has_testers ? 2U : 1U;
    if (!names(rule, service)) return;
    is_named = true;
    if (rule["backendRefs"].size() > 1)
      why = fmt::format("its rule {} shares traffic between several backends already", at + 1);
  });
  if (is_named && why.empty() && rules > kMostRules)
    why = fmt::format("with a rule for testers beside each of its own it would have {}, {} are the most", rules,
                      kMostRules);
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
    add_testers(operations, route, context.config.rollout().canary.testers, move);
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
      if (!names(rule, move.deployment) || is_of_testers(rule, move)) return;
      operations.push_back(operation("replace", path_of(at), restored(rule, kept[std::to_string(at)], move)));
    });
    remove_testers(operations, route, move);
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
