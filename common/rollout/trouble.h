// Fail-fast: signs in a pod or a Deployment that waiting longer will not help.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "common/core/json.h"
#include "common/core/time.h"

namespace baton::rollout {

/// A sign that a pod will not become ready by itself.
struct Trouble {
  std::string pod = {};        ///< empty: of the Deployment
  std::string container = {};  ///< empty: of the pod
  std::string reason;          ///< "CrashLoopBackOff"
  std::string message = {};
  Duration patience{0};      ///< how long it may be seen before it ends the wait
  bool has_crashed = false;  ///< the log worth reading is that of the container before
  /// What is seen under several reasons in turn, as the kubelet's tries to pull an image are; empty: the reason's own.
  std::string_view sign = {};
  bool says_why = true;  ///< its message tells more than that it is waited
};

/// What stands in the way of one pod; none for a pod that is merely not ready yet. A readiness probe that fails is no
/// trouble before the whole ready timeout is over: how long a start may take is the user's word.
std::vector<Trouble> troubles_of_pod(const Json& pod);
/// What keeps a Deployment from making pods: quota, admission, its own progress deadline.
std::vector<Trouble> troubles_of_deployment(const Json& deployment);

/// Why a pod that has no trouble was not ready in time: an init container that did not end, a readiness gate that
/// nobody opened; of any other its first container, whose log may tell.
Trouble not_ready(const Json& pod);

/// The SOP's recovery steps ("Deployment Fails (Step 2c)") for a reason; `has_log`: lines of one are shown.
std::vector<std::string> recovery_for(const std::string& reason, bool has_log);

}  // namespace baton::rollout
