// Putting the playground together.
#include "tests/sandbox/sandbox.h"

#include <fmt/format.h>

#include <future>
#include <stdexcept>

#include "common/core/digest.h"
#include "common/core/text.h"
#include "common/core/yaml.h"
#include "common/io/files.h"
#include "tests/sandbox/controllers.h"
#include "tests/sandbox/deletion.h"
#include "tests/sandbox/json_tools.h"
#include "tests/sandbox/refusal.h"
#include "tests/sandbox/registry.h"

namespace baton::sandbox {
namespace {

using namespace std::chrono_literals;

constexpr const char* kLoopback = "127.0.0.1";
constexpr Duration kRound = 40ms;  // pods move on by time too, not only by changes
constexpr int kApiThreads = 256;   // every watch keeps one
constexpr std::string_view kReleases = "/sandbox/releases/";
constexpr std::string_view kFronts = "/sandbox/fronts/";

Json node(const std::string& name, Time now) {
  const auto room = Json::object({{"cpu", "4"}, {"memory", "8Gi"}, {"ephemeral-storage", "100Gi"}, {"pods", "110"}});
  auto status = Json::object({{"capacity", room}, {"allocatable", room}});
  status["addresses"] = Json::array({Json::object({{"type", "InternalIP"}, {"address", kLoopback}})});
  status["nodeInfo"] = Json::object({{"kubeletVersion", "v1.34.0+sandbox"}, {"operatingSystem", "linux"}});
  set_condition(status, "MemoryPressure", false, now, "KubeletHasSufficientMemory");
  set_condition(status, "DiskPressure", false, now, "KubeletHasNoDiskPressure");
  set_condition(status, "Ready", true, now, "KubeletReady");
  return Json::object(
      {{"metadata", Json::object({{"name", name}, {"labels", Json::object({{"kubernetes.io/hostname", name}})}})},
       {"spec", Json::object()},
       {"status", std::move(status)}});
}

Json name_space(const std::string& name) {
  return Json::object({{"metadata", Json::object({{"name", name}})},
                       {"spec", Json::object()},
                       {"status", Json::object({{"phase", "Active"}})}});
}

const Kind& kind_of(const Json& object) {
  for (const auto& kind : kinds()) {
    if (Json(kind.name) == object["kind"] && Json(api_version(kind)) == object["apiVersion"]) return kind;
  }
  throw std::runtime_error("the sandbox does not serve the kind " + to_text(object["kind"]));
}

}  // namespace

Sandbox::Sandbox(SandboxSettings settings)
    : settings_(std::move(settings)),
      store_(clock_),
      registry_server_(kLoopback, settings_.registry_port,
                       [this](const Question& question) { return answer_as_registry(question, releases_); }),
      registry_(fmt::format("{}:{}", kLoopback, registry_server_.port())),
      kubelet_(store_, {.network = network_,
                        .releases = releases_,
                        .clock = clock_,
                        .registry = registry_,
                        .timing = settings_.timing}),
      api_(store_, network_, kubelet_, clock_, random_hex(12), settings_.page_size),
      api_server_(
          kLoopback, settings_.api_port,
          [this](const Question& question) {
            if (question.path.starts_with("/sandbox/")) return answer_about_sandbox(question);
            ++api_requests_;
            return answer_witnessed(question);
          },
          kApiThreads),
      fronts_(store_, clock_, settings_.proxy_delay),
      target_folder_(targets()) {
  furnish();
  write_kubeconfig(api_.token());
  target_folder_.write_cadvisor(api_server_.port());
  controllers_ = std::jthread([this](std::stop_token stop) { run(stop); });
}

Sandbox::~Sandbox() {
  controllers_.request_stop();
  controllers_.join();
  const auto registry_end = std::async(std::launch::async, [this] { registry_server_.stop(); });
  kubelet_.halt();
  api_server_.stop();
}

void Sandbox::furnish() {
  for (const auto& name : {std::string("kube-system"), std::string("default"), settings_.ns}) {
    const auto& kind = kind_named("Namespace");
    if (!store_.find({.kind = &kind, .ns = "", .name = name})) store_.create(kind, name_space(name));
  }
  for (const auto* name : {"node-1", "node-2"}) store_.create(kind_named("Node"), node(name, clock_.now()));
}

void Sandbox::write_kubeconfig(const std::string& token) const {
  const auto named = [](const char* key, Json value) {
    return Json::array({Json::object({{"name", "sandbox"}, {key, std::move(value)}})});
  };
  const auto context = Json::object({{"cluster", "sandbox"}, {"user", "sandbox"}, {"namespace", settings_.ns}});
  write_file(kubeconfig(),
             to_pretty_text(Json::object({{"apiVersion", "v1"},
                                          {"kind", "Config"},
                                          {"current-context", "sandbox"},
                                          {"clusters", named("cluster", Json::object({{"server", api_url()}}))},
                                          {"users", named("user", Json::object({{"token", token}}))},
                                          {"contexts", named("context", context)}})),
             0600);
}

void Sandbox::run(std::stop_token stop) {
  auto seen = store_.revision();
  Duration next_slices{0};
  while (!stop.stop_requested()) {
    kubelet_.advance();
    sync_deployments(store_, clock_);
    sync_replica_sets(store_, network_, clock_);
    sync_stateful_sets(store_, network_, clock_);
    sync_daemon_sets(store_, network_, clock_);
    if (clock_.monotonic() >= next_slices) {
      sync_endpoint_slices(store_);
      next_slices = clock_.monotonic() + settings_.slices_delay;
    }
    sync_autoscalers(store_, clock_);
    collect_garbage(store_, clock_.now());
    fronts_.sync();
    gateway_.sync();
    target_folder_.write_pods(store_.list(kind_named("Pod")).items);
    try {
      store_.changes_since(seen, kRound, stop);
    } catch (const Refusal&) {
      // Forgotten history does not matter to somebody who looks at everything anew.
    }
    seen = store_.revision();
  }
}

void Sandbox::set_witness(Witness witness) {
  const std::scoped_lock lock(witness_mutex_);
  witness_ = std::move(witness);
}

Answer Sandbox::answer_witnessed(const Question& question) {
  Witness witness;
  {
    const std::scoped_lock lock(witness_mutex_);
    witness = witness_;
  }
  const auto look = [&](Moment moment) {
    if (witness && !witness(question, moment)) throw Refusal(500, "InternalError", "the request was stopped");
  };
  try {
    look(Moment::before);
    auto answer = api_.answer(question);
    look(Moment::after);
    return answer;
  } catch (const Refusal& refusal) {
    return answer_with(status_of(refusal), refusal.code());
  }
}

std::string Sandbox::api_url() const { return fmt::format("http://{}:{}", kLoopback, api_server_.port()); }

std::string Sandbox::front_url(const std::string& service) const {
  const auto slash = service.find('/');
  const auto ns = slash == std::string::npos ? settings_.ns : service.substr(0, slash);
  const auto name = slash == std::string::npos ? service : service.substr(slash + 1);
  const auto found = store_.find({.kind = &kind_named("Service"), .ns = ns, .name = name});
  if (!found) return "";
  const auto& spec = (*found)["spec"];
  return fmt::format("http://{}:{}", spec["clusterIP"].string(), spec["ports"].items().front()["port"].integer());
}

void Sandbox::set_fault(const std::string& version, const std::string& fault) {
  releases_.put(version, parse_fault(fault), clock_.now());
}

void Sandbox::create(const std::string& manifest) {
  const auto text = replace_all(manifest, "{{registry}}", registry_);
  for (const auto& document : parse_yaml_documents(text, "manifest")) {
    const auto object = to_json(document);
    const auto& kind = kind_of(object);
    const auto place = object["metadata"]["namespace"].string_or(settings_.ns);
    const auto root = (kind.group.empty() ? "/api/" : "/apis/") + api_version(kind);
    const auto path = root + (kind.is_namespaced ? "/namespaces/" + place : "") + "/" + std::string(kind.plural);
    const auto answer = api_.answer({.method = "POST", .path = path, .body = to_text(object)});
    if (answer.status != 201) throw std::runtime_error(answer.body);
  }
}

/// What only a test may ask for: another fault, a front's address, a right that is missing, a forgotten history,
/// cadvisor's series.
Answer Sandbox::answer_about_sandbox(const Question& question) {
  const auto& path = question.path;
  try {
    if (path == "/sandbox/metrics")
      return {.type = "text/plain; version=0.0.4", .body = whole_exposition(kubelet_.usage())};
    if (path == "/sandbox/metrics/cadvisor")
      return {.type = "text/plain; version=0.0.4", .body = cadvisor_exposition(kubelet_.usage())};
    if (path.starts_with(kReleases) && question.method == "PUT") {
      set_fault(path.substr(kReleases.size()), std::string(trim(question.body)));
      return {.type = "text/plain", .body = "ok\n"};
    }
    if (path.starts_with(kFronts)) return {.type = "text/plain", .body = front_url(path.substr(kFronts.size())) + "\n"};
    if (path == "/sandbox/compact" && question.method == "POST") {
      store_.compact();
      return {.type = "text/plain", .body = "ok\n"};
    }
  } catch (const std::exception& error) {
    return {.status = 400, .type = "text/plain", .body = std::string(error.what()) + "\n"};
  }
  return {.status = 404, .type = "text/plain", .body = "the sandbox knows no such path\n"};
}

}  // namespace baton::sandbox
