// What moving traffic needs of the world.
#pragma once

#include <functional>
#include <memory>
#include <stop_token>
#include <string>

#include "common/clients/kube/client.h"
#include "common/config/config.h"
#include "common/core/finding.h"
#include "common/io/wait.h"

namespace baton::rollout {

class Lease;

/// What moving traffic needs of the world. Lives as long as the step.
struct Context {
  kube::Client& kube;
  const Config& config;
  Clock& clock;
  HttpClient& http;  ///< for switch.public and the cluster IP
  std::stop_token stop;
  std::string app;
  std::string id;                                  ///< of the deployment
  std::function<void(const std::string&)> say;     ///< a deployment log line
  Progress progress = {};                          ///< of a wait; may be unset
  std::function<void(std::string_view)> act = {};  ///< told the id of each act before it is done; may be unset
  /// Held already; undo() gives it up when it is done. Unset: undo() takes one itself.
  std::shared_ptr<Lease> lease = {};
  bool is_forced = false;  ///< a person's rollback: whatever the selector says by then is replaced

  Patience patience() const { return {.clock = clock, .stop = stop, .progress = progress}; }
};

/// The Service whose selector decides who gets traffic.
const std::string& service_name(const Config& config);

}  // namespace baton::rollout
