// What pods say through the API server: logs, proxied answers, usage.
#include <Poco/Net/HTTPClientSession.h>
#include <Poco/Net/HTTPRequest.h>
#include <Poco/Net/HTTPResponse.h>
#include <Poco/StreamCopier.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "common/core/quantity.h"
#include "common/core/text.h"
#include "tests/sandbox/api.h"
#include "tests/sandbox/json_tools.h"
#include "tests/sandbox/refusal.h"

namespace baton::sandbox {
namespace {

namespace net = Poco::Net;

constexpr int kProxyTimeout = 30;
constexpr std::array<std::string_view, 6> kHopByHop = {
    "connection", "transfer-encoding", "content-length", "keep-alive", "host", "authorization"};

bool is_forwarded(std::string_view header) { return std::ranges::find(kHopByHop, to_lower(header)) == kHopByHop.end(); }

std::size_t number_or(const std::string& text, std::size_t fallback) {
  std::size_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end != text.data() ? number : fallback;
}

Answer forward(const Question& question, const std::string& address, int port, const std::string& path) {
  net::HTTPClientSession session(address, static_cast<Poco::UInt16>(port));
  session.setTimeout(Poco::Timespan(kProxyTimeout, 0));
  net::HTTPRequest request(question.method, path, net::HTTPMessage::HTTP_1_1);
  for (const auto& [name, value] : question.headers) {
    if (is_forwarded(name)) request.set(name, value);
  }
  request.setContentLength64(static_cast<Poco::Int64>(question.body.size()));
  session.sendRequest(request) << question.body;
  net::HTTPResponse response;
  Answer answer;
  Poco::StreamCopier::copyToString(session.receiveResponse(response), answer.body);
  answer.status = response.getStatus();
  answer.type = response.getContentType();
  for (const auto& [name, value] : response) {
    if (is_forwarded(name) && to_lower(name) != "content-type") answer.headers.emplace_back(name, value);
  }
  return answer;
}

struct ProxyTarget {
  std::string pod;
  int port = 0;  ///< 0: its first
};

/// "web-1", "web-1:8080", "http:web-1:8080".
ProxyTarget target_in(const std::string& name) {
  auto pieces = split(name, ':');
  if (pieces.size() == 3) pieces.erase(pieces.begin());
  if (pieces.size() == 1) return {.pod = pieces[0]};
  return {.pod = pieces[0], .port = static_cast<int>(number_or(pieces[1], 0))};
}

/// A test says by annotations what a node uses: "2800m", "0"; without, little of both.
constexpr std::string_view kCpuAnnotation = "sandbox/cpu";
constexpr std::string_view kMemoryAnnotation = "sandbox/memory";
constexpr double kCpuUsed = 0.35;
constexpr double kMemoryUsed = 1.2e9;

double used_by(const Json& node, std::string_view annotation, double otherwise) {
  const auto said = parse_quantity(node["metadata"]["annotations"][annotation].string_or("-"));
  return said ? said->value : otherwise;
}

Json usage_of(double cores, double bytes) {
  return Json::object({{"cpu", fmt::format("{}n", static_cast<std::int64_t>(cores * 1e9))},
                       {"memory", fmt::format("{}Ki", static_cast<std::int64_t>(bytes / 1024))}});
}

Json with_window(Json object, Time now) {
  object["timestamp"] = seconds_stamp(now);
  object["window"] = "15s";
  return object;
}

}  // namespace

Answer Api::log(const Call& call) const {
  const auto pod = store_.get(call.key());
  const auto& question = call.question;
  const bool is_previous = question.parameter("previous") == "true";
  const auto lines = kubelet_.log(uid_of(pod), is_previous);
  const auto container = question.parameter("container", pod["spec"]["containers"].items().front()["name"].string());
  if (!lines && is_previous)
    throw bad_request("previous terminated container \"" + container + "\" in pod \"" + call.name + "\" not found");
  if (!lines)
    throw bad_request("container \"" + container + "\" in pod \"" + call.name +
                      "\" is waiting to start: ContainerCreating");
  const auto wanted = std::min(number_or(question.parameter("tailLines"), lines->size()), lines->size());
  const auto limit = number_or(question.parameter("limitBytes"), std::string::npos);
  std::string text;
  for (auto i = lines->size() - wanted; i < lines->size(); ++i) {
    const auto& line = (*lines)[i];
    if (question.parameter("timestamps") == "true") text += to_rfc3339(line.at) + " ";
    text += line.text + "\n";
  }
  return {.type = "text/plain", .body = text.substr(0, limit)};
}

Answer Api::summary(const Call& call) const {
  const auto node = store_.get(call.key());
  if (call.rest != "/stats/summary") throw Refusal(404, "NotFound", "the sandbox's kubelets know their summary only");
  const auto cores = used_by(node, kCpuAnnotation, kCpuUsed);
  const auto bytes = used_by(node, kMemoryAnnotation, kMemoryUsed);
  auto seen = Json::object({{"nodeName", name_of(node)}});
  seen["cpu"] = Json::object({{"usageNanoCores", static_cast<std::int64_t>(cores * 1e9)}});
  seen["memory"] = Json::object({{"workingSetBytes", static_cast<std::int64_t>(bytes)}});
  return answer_with(Json::object({{"node", std::move(seen)}, {"pods", Json::array()}}));
}

Answer Api::proxy(const Call& call) const {
  if (call.kind.name == "Node") return summary(call);
  const auto target = target_in(call.name);
  const auto pod = store_.get({.kind = &call.kind, .ns = call.ns, .name = target.pod});
  const auto address = pod["status"]["podIP"].string_or("");
  const auto port = target.port == 0 ? port_of(pod) : target.port;
  const auto path =
      (call.rest.empty() ? "/" : call.rest) + (call.question.raw_query.empty() ? "" : "?" + call.question.raw_query);
  if (address.empty()) throw Refusal(503, "ServiceUnavailable", "address not allowed: the pod has no address yet");
  try {
    return forward(call.question, address, port, path);
  } catch (const Poco::Exception& error) {
    throw Refusal(503, "ServiceUnavailable",
                  fmt::format("error trying to reach service: dial tcp {}:{}: {}", address, port, error.displayText()));
  }
}

Answer Api::metrics(const Call& call) const {
  if (call.question.method != "GET") throw Refusal(405, "MethodNotAllowed", "metrics are only read");
  const auto now = clock_.now();
  auto items = Json::array();
  if (call.kind.plural == "nodes") {
    for (const auto& node : store_.list(kind_named("Node")).items) {
      auto item = Json::object({{"metadata", Json::object({{"name", name_of(node)}})},
                                {"usage", usage_of(used_by(node, kCpuAnnotation, kCpuUsed),
                                                   used_by(node, kMemoryAnnotation, kMemoryUsed))}});
      items.push_back(with_window(std::move(item), now));
    }
  } else {
    for (const auto& usage : kubelet_.usage()) {
      if (!call.ns.empty() && usage.ns != call.ns) continue;
      auto container = Json::object({{"name", usage.container}, {"usage", usage_of(0.05, usage.memory_bytes)}});
      auto item = Json::object({{"metadata", Json::object({{"name", usage.pod}, {"namespace", usage.ns}})},
                                {"containers", Json::array({std::move(container)})}});
      items.push_back(with_window(std::move(item), now));
    }
  }
  if (call.name.empty()) {
    return answer_with(Json::object({{"kind", std::string(call.kind.name) + "List"},
                                     {"apiVersion", api_version(call.kind)},
                                     {"metadata", Json::object()},
                                     {"items", items}}));
  }
  for (auto& item : items.items()) {
    if (name_of(item) != call.name) continue;
    item["kind"] = call.kind.name;
    item["apiVersion"] = api_version(call.kind);
    return answer_with(item);
  }
  throw not_found(qualified_plural(call.kind), call.name);
}

}  // namespace baton::sandbox
