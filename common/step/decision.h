// What a step does with what an earlier run left: decided from facts alone.
#pragma once

#include <optional>
#include <string>

#include "common/handoff/handoff.h"

namespace baton {

/// What a run of a step finds when it begins.
struct StepFacts {
  Release asked = {};               ///< app, version and environment of this run
  std::string image_sha256 = {};    ///< of this run; empty: not known
  std::optional<Handoff> own = {};  ///< the file that an earlier run of this step left
  bool begins_deployment = false;   ///< no step before this one is asked for
  bool has_later_step = false;      ///< a step after this one has left its file
  bool follows_previous = false;    ///< `own` was made from the file of the step before as it stands now
  bool is_own_trusted = true;       ///< where keys are trusted: `own` is signed by one of them
  bool is_same_policy = true;       ///< `own` was made under this run's configuration
  bool is_confirmed = true;         ///< the world says what `own` says
  std::string database = {};        ///< of this run; empty: not known
  Time now = {};
};

enum class StepAction {
  keep,   ///< this step has ended, and the world says so too: its file stays and answers
  begin,  ///< a new deployment, with a new id
  go_on,  ///< an unfinished or repeated first step keeps its deployment's id
  join,   ///< the deployment of the step before
};

StepAction decide_step(const StepFacts& facts);

/// Both are known and differ: another piece of work, whatever else is the same.
bool is_on_other_database(const Handoff& own, const std::string& database);

/// Verdicts after which a step has nothing left to do; the others are attempts or pauses.
bool is_final(Verdict verdict);

/// What a step leaves that ends with an error: a yes or no that is certain, or a file that can be run again.
Verdict verdict_after(ExitCode code);

}  // namespace baton
