// Where the app is asked: smoke tests, its version, the proof.
#pragma once

#include "common/config/config.h"
#include "common/core/json.h"

namespace baton::rollout {

/// A port of the Service, and the container's behind it.
struct AppPort {
  int service = 80;
  int container = 80;
};

/// The one that kubernetes.port names (name or number, of the Service or of the container); without it the one behind
/// which readiness probes ask, else "http", else the first. Names are looked up in the pod. Throws Error{usage} where
/// the Service has no such port, or the pod none of the name it sends to.
AppPort app_port(const Config& config, const Json& service, const Json& pod);

}  // namespace baton::rollout
