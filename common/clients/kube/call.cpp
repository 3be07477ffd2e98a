// Sends calls to the API server and says what its refusals mean.
#include "common/clients/kube/call.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "common/core/printable.h"
#include "common/core/text.h"

namespace baton::kube {
namespace {

std::string target_of(const Call& call) {
  return std::string(call.resource.plural) + (call.subresource.empty() ? "" : "/" + call.subresource);
}

std::string place_of(const Call& call, const Cluster& cluster) {
  if (!call.resource.namespaced || call.in_all_namespaces) return "in the whole cluster";
  return fmt::format("in namespace '{}'", cluster.namespace_name);
}

std::string grant_hint(const Call& call, const Cluster& cluster) {
  const std::string group = group_of(call.resource);
  return fmt::format("Grant the verb '{}' on '{}' of {} {} to the identity the pipeline uses.", call.verb,
                     target_of(call), group.empty() ? "the core API group" : "API group '" + group + "'",
                     place_of(call, cluster));
}

std::string login_hint(const Cluster& cluster) {
  const Credentials& who = cluster.credentials;
  if (who.exec) return fmt::format("Log in anew: the token of '{}' was refused twice.", who.exec->argv.front());
  if (!who.token_file.empty()) return fmt::format("Renew the token in '{}'.", who.token_file);
  if (!who.token.empty()) return "Renew the token in the kubeconfig.";
  if (!who.username.empty()) return "Correct username and password in the kubeconfig.";
  if (!who.key_pem.empty()) return "Renew the client certificate in the kubeconfig.";
  return "Give the kubeconfig's user a token or a client certificate.";
}

/// Of a 403: not the identity is refused, but the object.
bool is_policy(const std::string& cause) {
  constexpr std::array<std::string_view, 4> kMarks{"exceeded quota", "denied the request", "denied request",
                                                   "violates PodSecurity"};
  return std::ranges::any_of(kMarks, [&](std::string_view mark) { return cause.find(mark) != std::string::npos; });
}

std::string hint_for(int status, const std::string& cause, const Call& call, const Cluster& cluster) {
  const bool is_failed_test = status == 422 && call.content_type == kJsonPatch;
  if (status == 401) return login_hint(cluster);
  if (status == 403 && is_policy(cause)) return "Meet the quota or policy that it names, or have it changed.";
  if (status == 403) return grant_hint(call, cluster);
  if (status == 409 && call.content_type == kApplyPatch)
    return "Leave these fields out of the file, or take them over once: kubectl apply --server-side --force-conflicts "
           "--field-manager=baton.";
  if (status == 409 || is_failed_test) return "Run it again: somebody else changed the object meanwhile.";
  // A 500 is often a complaint about the object; the others are about the server.
  return status > 500 ? "Look at the API server's health, then run it again." : "";
}

bool is_text(const Json& status, std::string_view key) { return status[key].is_null() || status[key].is_string(); }

std::string cause_of(const HttpResponse& answer) {
  const std::optional<Json> status = status_of(answer);
  std::string message = status ? (*status)["message"].string_or("") : std::string(trim(answer.body));
  if (message.empty()) message = fmt::format("status {}", answer.status);
  return printable(message, 500);
}

/// What may not be sent twice is still sent again where the API server says that it has not begun (429, 503). A PUT has
/// to be told: elsewhere it may be repeated.
std::optional<bool> retry_of(const Call& call) {
  if (call.is_repeatable) return true;
  return call.method == "PUT" ? std::optional(false) : std::nullopt;
}

// An API server that loses its leader, or is asked too much, answers a moment later.
constexpr Duration kFirstPause = std::chrono::milliseconds(50);
constexpr Duration kLastPause = std::chrono::milliseconds(400);

}  // namespace

std::string path_of(const Call& call, const Cluster& cluster) {
  const bool has_namespace = call.resource.namespaced && !call.in_all_namespaces;
  std::string path(call.resource.prefix);
  if (has_namespace) path += "/namespaces/" + percent_encode(cluster.namespace_name);
  path += "/" + std::string(call.resource.plural);
  if (!call.name.empty()) path += "/" + percent_encode(call.name);
  if (!call.subresource.empty()) path += "/" + call.subresource;
  if (!call.query.empty()) path += "?" + call.query;
  return path;
}

std::string describe(const Call& call, const Cluster& cluster) {
  const std::string name = call.name.empty() ? "" : fmt::format(" '{}'", call.name);
  return fmt::format("{} {}{} {}", call.verb, target_of(call), name, place_of(call, cluster));
}

std::optional<Json> status_of(const HttpResponse& answer) {
  try {
    Json body = parse_json(answer.body, "status", {.bytes = 1U << 20U});
    if (std::as_const(body)["kind"] == Json("Status") && is_text(body, "message") && is_text(body, "reason"))
      return body;
  } catch (const Error&) {
    // Whatever is no JSON is no Status either.
  }
  return std::nullopt;
}

ApiError refusal(const HttpResponse& answer, const Call& call, const Cluster& cluster) {
  const std::optional<Json> status = status_of(answer);
  const std::string cause = cause_of(answer);
  const bool is_invalid = answer.status == 422 && call.content_type != kJsonPatch;
  return {answer.status, status ? (*status)["reason"].string_or("") : "",
          fmt::format("cannot {}: {}", describe(call, cluster), cause), hint_for(answer.status, cause, call, cluster),
          is_invalid || (answer.status == 403 && is_policy(cause))};
}

HttpResponse send_call(ApiServer& server, const Call& call, std::stop_token stop) {
  HttpRequest request{.method = call.method,
                      .url = path_of(call, server.cluster()),
                      .headers = {{"Accept", "application/json"}},
                      .body = call.body,
                      .retry = retry_of(call)};
  if (!call.content_type.empty()) request.headers.emplace_back("Content-Type", call.content_type);
  const bool may_ask_again = call.method == "GET";
  for (auto pause = kFirstPause;; pause *= 2) {
    auto answer = server.send(request, stop);
    const bool is_over = !may_ask_again || !is_blip(answer.status) || pause > kLastPause;
    if (is_over || !server.clock().sleep_for(pause, stop)) return answer;
  }
}

Json object_in(const HttpResponse& answer, const Call& call, const Cluster& cluster, const JsonLimits& limits) {
  if (!answer.is_success()) throw refusal(answer, call, cluster);
  return parse_json(answer.body, fmt::format("answer to {}", describe(call, cluster)), limits);
}

Json ask(ApiServer& server, const Call& call, std::stop_token stop) {
  return object_in(send_call(server, call, stop), call, server.cluster());
}

}  // namespace baton::kube
