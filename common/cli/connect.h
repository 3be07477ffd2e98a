// Clients made from the configuration, the same way in every tool.
#pragma once

#include "common/cli/tool.h"
#include "common/clients/kube.h"
#include "common/clients/prometheus.h"
#include "common/clients/registry.h"

namespace baton {

/// The cluster of `kubernetes.context`, else the current context, else the pod's own. Throws Error{usage} where there
/// is none.
kube::Client connect_cluster(const Env& env);
/// The server of `metrics.prometheus`. Throws Error{usage} when none is configured.
prometheus::Client connect_metrics(const Env& env);
registry::Client connect_registry(const Env& env);
/// Trusts the PEM file `ca` beside nothing else; the system's bundle when it is empty.
TlsSettings tls_for(const Endpoint& endpoint);

}  // namespace baton
