// What a pod says: its logs, and its answers through the API server's proxy.
#include <fmt/format.h>

#include "common/clients/kube/call.h"
#include "common/clients/kube/client_state.h"
#include "common/core/printable.h"
#include "common/core/text.h"

namespace baton::kube {
namespace {

constexpr int kMaxLogBytes = 1 << 20;
constexpr int kUnavailable = 503;

/// The API server says in two ways that it could not reach a pod: as a Status, and in older versions as a plain text.
std::optional<std::string> unreachable_cause(const HttpResponse& answer, const std::optional<Json>& status) {
  constexpr std::string_view kStatusPrefix = "error trying to reach service: ";
  constexpr std::string_view kTextPrefix = "Error: '";
  if (answer.status != kUnavailable) return std::nullopt;
  const std::string message = status ? (*status)["message"].string_or("") : answer.body;
  if (starts_with_icase(message, kStatusPrefix)) return message.substr(kStatusPrefix.size());
  const std::size_t end = message.find("'\nTrying to reach: '");
  if (status || !message.starts_with(kTextPrefix) || end == std::string::npos) return std::nullopt;
  return message.substr(kTextPrefix.size(), end - kTextPrefix.size());
}

/// A Status about its own status code is the API server's word, not the pod's.
bool is_own_word(const HttpResponse& answer, const std::optional<Json>& status) {
  return status && (*status)["apiVersion"] == Json("v1") && (*status)["code"] == Json(answer.status);
}

}  // namespace

std::string Client::logs(std::string_view pod, std::string_view container, int lines, ContainerRun run,
                         std::stop_token stop) {
  const Call call{.verb = "get",
                  .resource = kPods,
                  .name = std::string(pod),
                  .subresource = "log",
                  .query = fmt::format("container={}&tailLines={}&limitBytes={}&previous={}", percent_encode(container),
                                       lines, kMaxLogBytes, run == ContainerRun::previous)};
  HttpResponse answer = send_call(state_->server, call, stop);
  if (!answer.is_success()) throw refusal(answer, call, state_->server.cluster());
  return std::move(answer.body);
}

ProxyAnswer Client::pod_proxy(std::string_view pod, int port, std::string_view path, Duration deadline,
                              std::stop_token stop) {
  ApiServer& server = state_->server;
  const Call call{.verb = "get", .resource = kPods, .name = fmt::format("{}:{}", pod, port), .subresource = "proxy"};
  const Duration begin = server.clock().monotonic();
  // A pod that answers 503 and asks to wait has answered.
  HttpResponse answer = server.send(
      {.url = path_of(call, server.cluster()) + std::string(path), .deadline = deadline, .retry = false}, stop);
  const Duration took = server.clock().monotonic() - begin;
  const std::optional<Json> status = answer.is_success() ? std::nullopt : status_of(answer);
  if (const std::optional<std::string> cause = unreachable_cause(answer, status)) {
    throw ApiError(answer.status, std::string(kPodUnreachable),
                   fmt::format("cannot reach pod '{}' on port {}: {}", pod, port, printable(*cause, 300)),
                   "See that the container listens on that port, on all addresses.");
  }
  if (is_own_word(answer, status)) throw refusal(answer, call, server.cluster());
  return {.status = answer.status, .headers = std::move(answer.headers), .body = std::move(answer.body), .took = took};
}

}  // namespace baton::kube
