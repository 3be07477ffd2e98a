// The playground of a test.
#include "tests/sandbox/fixture.h"

#include <fmt/format.h>

#include <stdexcept>

#include "tests/sandbox/json_tools.h"

namespace baton::test {
namespace {

constexpr std::string_view kManifest = R"(
apiVersion: apps/v1
kind: {kind}
metadata: {{name: myapp, labels: {{app: myapp}}}}
spec:
  {replicas}
  {more}
  selector: {{matchLabels: {{app: myapp}}}}
  template:
    metadata: {{labels: {{app: myapp}}}}
    spec:
      terminationGracePeriodSeconds: 10
      containers:
        - name: myapp
          image: "{{{{registry}}}}/myapp:{version}"
          ports: [{{name: http, containerPort: 8080}}]
          readinessProbe: {{httpGet: {{path: /health, port: http}}}}
          livenessProbe: {{httpGet: {{path: /health, port: http}}}}
          resources: {{requests: {{cpu: 100m, memory: 64Mi}}, limits: {{cpu: 500m, memory: 128Mi}}}}
---
apiVersion: v1
kind: Service
metadata: {{name: myapp}}
spec:
  {address}
  selector: {{app: myapp}}
  ports: [{{name: http, port: 8080, targetPort: http}}]
)";

sandbox::SandboxSettings settings_for(const PlaygroundSettings& settings, const fs::path& folder) {
  sandbox::SandboxSettings result{.folder = folder,
                                  .slices_delay = settings.slices_delay,
                                  .proxy_delay = settings.proxy_delay,
                                  .page_size = settings.page_size};
  result.timing.start_delay = settings.start_delay;
  result.timing.drain_limit = settings.drain_limit;
  return result;
}

bool is_rolled_out(const Json& deployment) {
  if (deployment["kind"] == Json("DaemonSet"))
    return deployment["status"]["numberAvailable"] == deployment["status"]["desiredNumberScheduled"] &&
           deployment["status"]["updatedNumberScheduled"] == deployment["status"]["desiredNumberScheduled"];
  const auto wanted = deployment["spec"]["replicas"].integer();
  const auto& status = deployment["status"];
  return status["observedGeneration"] == deployment["metadata"]["generation"] &&
         status["replicas"].integer_or(0) == wanted && status["updatedReplicas"].integer_or(0) == wanted &&
         status["availableReplicas"].integer_or(0) == wanted;
}

}  // namespace

Playground::Playground(const PlaygroundSettings& settings)
    : kind_(settings.kind), sandbox_(settings_for(settings, folder_.path())) {
  if (settings.version.empty()) return;
  set_fault(settings.version);
  const bool has_size = settings.kind != "DaemonSet";
  create(fmt::format(kManifest, fmt::arg("kind", settings.kind),
                     fmt::arg("replicas", has_size ? fmt::format("replicas: {}", settings.replicas) : ""),
                     fmt::arg("more", settings.more), fmt::arg("version", settings.version),
                     fmt::arg("address", settings.is_headless ? "clusterIP: None" : "")));
  await_rollout("myapp");
  if (!settings.is_headless) await_front();
}

/// Slices converged is not traffic moved: the front opens a moment after the pods are ready.
void Playground::await_front() {
  SystemClock clock;
  HttpClient http({.attempts = 50}, Environment(), clock);
  http.send({.url = front_url() + "/health"});
}

kube::Client Playground::client(Clock& clock) const {
  return {{.server = api_url(), .namespace_name = "production"}, Environment(), clock};
}

void Playground::scale(const std::string& deployment, int replicas) {
  SystemClock clock;
  client(clock).merge_patch(kube::kDeployments, deployment,
                            Json::object({{"spec", Json::object({{"replicas", replicas}})}}));
}

void Playground::await_rollout(const std::string& deployment, Duration limit) {
  SystemClock clock;
  const auto end = clock.monotonic() + limit;
  auto& store = sandbox_.store();
  sandbox::Key key{.kind = &sandbox::kind_named("Deployment"), .ns = "production", .name = deployment};
  if (!store.find(key)) key.kind = &sandbox::kind_named(kind_);
  while (!is_rolled_out(store.get(key))) {
    if (clock.monotonic() > end)
      throw std::runtime_error("'" + deployment + "' does not roll out: " + to_text(store.get(key)));
    store.changes_since(store.revision(), std::chrono::milliseconds(50), {});
  }
}

}  // namespace baton::test
