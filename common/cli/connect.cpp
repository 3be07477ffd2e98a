// Wires clients to baton.yaml.
#include "common/cli/connect.h"

namespace baton {

TlsSettings tls_for(const Endpoint& endpoint) { return {.ca_file = endpoint.ca}; }

kube::Client connect_cluster(const Env& env) {
  const auto& kubernetes = env.config.kubernetes;
  env.loaded.need("kubernetes");
  auto cluster = kube::load_cluster(env.environment, kubernetes.context, kubernetes.namespace_);
  return kube::Client(std::move(cluster), env.environment, env.clock);
}

prometheus::Client connect_metrics(const Env& env) {
  const auto& store = env.config.metrics.prometheus;
  env.loaded.need("metrics.prometheus");
  if (store.url.empty()) {
    throw Error(ExitCode::usage, "metrics.prometheus is not configured",
                "Set metrics.prometheus in the configuration, or --set metrics.prometheus=http://…");
  }
  return prometheus::Client({.url = store.url, .token = store.token, .headers = store.headers},
                            env.http(tls_for(store)));
}

registry::Client connect_registry(const Env& env) {
  return registry::Client(env.http(), env.environment, env.config.plain_http_registry);
}

}  // namespace baton
