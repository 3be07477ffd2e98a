// What the kubelet tells of a pod in events alone: mounts that fail, and what its probes were answered.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "common/rollout/context.h"
#include "common/rollout/trouble.h"

namespace baton::rollout {

/// Oldest first. None where we may not list them: they explain, and decide nothing that a pod's own state tells.
std::vector<Json> events_about(Context& context, const std::string& pod);

/// A mount that fails again and again while the pod waits for its containers, which no field of the pod says.
std::optional<Trouble> stuck_before_start(const Json& pod, const std::vector<Json>& events);

/// Whether a pod waits for what comes before its containers: sandbox, volumes.
bool is_before_start(const Json& pod);

/// What the newest event says of the cause of `trouble`: a probe's answer, a hook that failed. Empty where none does.
std::string told_by(const std::vector<Json>& events, const Trouble& trouble);

}  // namespace baton::rollout
