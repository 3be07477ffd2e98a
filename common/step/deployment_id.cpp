// Ids and ad hoc versions.
#include "common/step/deployment_id.h"

#include "common/core/digest.h"
#include "common/step/decision.h"

namespace baton {

std::string new_deployment_id(Time now) { return to_compact_stamp(now) + "-" + random_hex(4); }

std::string adhoc_version(const std::optional<Handoff>& own, const Snapshot& found, std::string_view step, Time now) {
  const auto is_adhoc = [](const std::optional<Handoff>& handoff) {
    return handoff && handoff->release.version.starts_with("adhoc-");
  };
  if (is_adhoc(own) && !is_final(own->verdict)) return own->release.version;
  // Two runs of one second are two deployments.
  std::string version = "adhoc-" + new_deployment_id(now);
  for (const std::string_view other : kSteps) {
    if (step_number(other) >= step_number(step)) break;
    if (const auto earlier = found.handoff(other); is_adhoc(earlier)) version = earlier->release.version;
  }
  return version;
}

}  // namespace baton
