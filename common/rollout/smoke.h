// Questions to single pods through the API server's pod proxy: smoke tests, and which version answers.
#pragma once

#include <string>
#include <vector>

#include "common/config/sections/switch.h"
#include "common/rollout/context.h"

namespace baton::rollout {

/// switch.smoke on each pod, a failing entry three times. One finding an entry, by probe_ids; skipped when none is
/// configured.
std::vector<Finding> smoke(Context& context, const Json& service, const std::vector<Json>& pods);

/// How one request to a pod ended.
struct Heard {
  bool is_answered = true;     ///< false: not by the pod, and not by its fault
  std::string complaint = {};  ///< empty: as the probe wants it; of one that was not answered: why
};
/// Asks once; once more, and again, where the API server itself refuses or is away. A pod that it cannot reach, or that
/// says nothing while the API server goes on answering, has failed.
Heard ask_pod(Context& context, const SmokeProbe& probe, const std::string& pod, int port);

/// What `switch.identify` reads in an answer; empty when it is not there.
std::string identity_in(const Identify& identify, const Headers& headers, std::string_view body);
bool can_identify(const Config& config);
/// The path an answer that tells the version is asked for.
std::string identity_path(const Config& config);
/// The version that all these pods answer with; empty when they do not say, or not the same.
std::string version_of(Context& context, const Json& service, const std::vector<Json>& pods);

}  // namespace baton::rollout
