// baton-switch: its options and its verbs.
#pragma once

#include <string>

#include "common/cli/tool.h"

namespace baton::cutover {

struct Options {
  bool retry_failed_digest = false;
  std::string until = {};
  std::string reason = {};
  std::string by = {};
};

/// The step: deploy, switch, prove, soak, keep or undo.
StepResult run(const Options& options, Env& env);
/// Not available yet: Error{usage}.
StepResult plan(const Options& options, Env& env);
/// A person's rollback: takes the Lease over, needs none of our files, is never refused.
StepResult roll_back_by_hand(const Options& options, Env& env);
/// Who serves, what is recorded, who holds the Lease.
StepResult status(const Options& options, Env& env);

/// Stopping between stages is not available yet: Error{usage} before anything is asked.
void refuse_stages(const Options& options);
/// The image by the registry's digest, the cluster and what is live in it.
Identity identify(Env& env);
/// Whether the Service or the Lease records an unfinished move of this release id.
bool is_resuming(Env& env);

}  // namespace baton::cutover
