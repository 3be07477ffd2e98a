// What the cluster carries of a deployment, for a run that has no files of it: a CronJob, a scheduled job.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "common/rollout/carrier.h"
#include "common/step/env.h"
#include "common/step/handoff_folder.h"
#include "common/step/snapshot.h"

namespace baton {

/// What a run begins with. Neither an answer nor an id: what lies in the folder is all there is.
struct Carried {
  std::optional<StepResult> answer = {};  ///< there is nothing to do, and why
  std::string id = {};                    ///< of the deployment that is open
  std::string version = {};
  rollout::Files files = {};  ///< its handoffs; none where the folder has them
};

/// Of watch and finalize. Without the files of the step before, and without a release that somebody named, it is the
/// cluster's open deployment. Throws Error{handoff} where what is carried cannot be believed, or is not carried though
/// a release went live.
Carried fetch_carried(Env& env, std::string_view step, const Snapshot& found);

/// A step ended with `result`: the cluster gets its handoff as it lies in the folder. What cannot be carried is said,
/// and changes nothing else.
void put_carried(Env& env, std::string_view step, const HandoffFolder& folder, const StepResult& result);

}  // namespace baton
