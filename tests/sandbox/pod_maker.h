// What the controllers do alike that own pods themselves.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "tests/sandbox/network.h"
#include "tests/sandbox/store.h"

namespace baton::sandbox {

/// The label that tells of which template a pod of a StatefulSet or a DaemonSet was made.
inline constexpr const char* kRevisionHash = "controller-revision-hash";

bool is_pod_ready(const Json& pod);
/// Ready for so long at least.
bool is_pod_available(const Json& pod, std::chrono::seconds needed, Time now);
/// spec.minReadySeconds.
std::chrono::seconds least_ready(const Json& owner);
/// Of its template: "vbn42xk7d9"; the same for the same template.
std::string revision_of_template(const Json& owner);

/// Of one owner.
class PodMaker {
 public:
  PodMaker(Store& store, Network& network, const Clock& clock, const Json& owner, std::string controller)
      : store_(store), network_(network), clock_(clock), owner_(owner), controller_(std::move(controller)) {}

  /// The terminating ones, too.
  std::vector<Json> pods() const;
  /// Of the owner's template, with more labels; a node that is named runs it, whatever the scheduler thinks.
  void make(const std::string& name, const Json& labels, const std::string& node = {});
  void end(const Json& pod);

 private:
  Store& store_;
  Network& network_;
  const Clock& clock_;
  const Json& owner_;
  std::string controller_;
};

}  // namespace baton::sandbox
