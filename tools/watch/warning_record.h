// What the Lease remembers of a deployment's warnings: the runs of watch and the person who accepts one need no common
// folder.
#pragma once

#include <functional>
#include <string_view>
#include <vector>

#include "common/rollout/context.h"
#include "tools/watch/warning.h"

namespace baton::watch {

inline constexpr std::string_view kWarningsAnnotation = "baton/warnings";

struct WarningRecord {
  std::string id = {};  ///< of the deployment; empty: nothing is recorded
  std::vector<Warning> warnings = {};
};

WarningRecord read_warnings(rollout::Context& context);
/// What `change` makes of the record, written by compare-and-swap where it made a difference. Called again when
/// somebody was faster. Needs nobody's hold on the Lease: nothing of a rollout is changed.
WarningRecord change_warnings(rollout::Context& context, const std::function<void(WarningRecord&)>& change);

}  // namespace baton::watch
