// Clients made from the configuration, the same way in every tool.
#pragma once

#include "common/clients/kube/client.h"
#include "common/clients/prometheus/client.h"
#include "common/clients/registry/client.h"
#include "common/config/endpoint.h"
#include "common/rollout/context.h"
#include "common/step/env.h"

namespace baton {

/// The cluster of `kubernetes.context`, else the current context, else the pod's own. Throws Error{usage} where there
/// is none.
kube::Client connect_cluster(const View& env);
/// The cluster of `precheck.staging.kubernetes.context`, else the same one, and the namespace that stands there. Throws
/// Error{usage} where there is none.
kube::Client connect_staging(const View& env);
/// Where the release runs; no cluster is asked. Throws Error{usage} where nothing says so.
std::string namespace_of(const View& env);
/// The server of `metrics.prometheus`. Throws Error{usage} when none is configured.
prometheus::Client connect_metrics(const View& env);
/// Why nothing is judged by metrics: declared in precheck.not_applicable, or precheck found a first release that no
/// store knows yet. Empty: they are.
std::string reason_without_metrics(const View& env);
/// Nothing where no store is configured or metrics are not judged; a store whose variable is not set is an error.
std::optional<prometheus::Client> connect_metrics_if_configured(const View& env);
registry::Client connect_registry(const View& env);
/// The release's image with its tag, "registry.example.com/shop:v1.6.0". Throws Error{usage} when none is configured.
std::string image_with_tag(const View& env);
/// What the rollout works on: this release in that cluster. The clients and `env` must outlive it.
rollout::Context context_for(Env& env, kube::Client& kube, HttpClient& http);
/// Where an address came from, as errors name it: "metrics.prometheus, baton.yaml:3:24".
std::string origin_of(const View& env, const std::string& key);
/// Trusts the authorities in the PEM file `ca` and no others; without one, the system's bundle.
TlsSettings tls_for(const Endpoint& endpoint);

}  // namespace baton
