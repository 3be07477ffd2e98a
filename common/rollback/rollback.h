// A rollback that is proved to have helped: traffic back first, then error rate and P95 against the baseline.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/io/files.h"
#include "common/judge/baseline.h"
#include "common/judge/proportions.h"
#include "common/rollout/context.h"
#include "common/rollout/move.h"

namespace baton::rollback {

struct Request {
  rollout::Context& context;
  const rollout::Move& move;
  prometheus::Client* store = nullptr;  ///< nothing: routing is proved, health is inconclusive
  const judge::Baseline* baseline = nullptr;
  std::string reason;
  std::string by;
  std::vector<Finding> findings = {};  ///< what led to it, for the analysis
  std::optional<Time> onset = {};      ///< when the breach began
  fs::path folder;                     ///< of the handoffs; evidence and the analysis go there
};

/// Requests of users in a stretch.
struct Affected {
  judge::Counts counts = {};
  Time from{};
  Time to{};
};

/// What is not known is nothing.
struct Course {
  std::optional<Time> began = {};  ///< the first point at which the rule was broken that led to it
  std::optional<Time> found = {};  ///< not of a rollback that an earlier run began
  std::optional<Time> back = {};   ///< the patch that put the selector back
  std::optional<Affected> affected = {};
};

struct Result {
  Verdict verdict = Verdict::rollback_failed;  ///< rolled_back (exit 4) or rollback_failed (exit 5)
  std::vector<Finding> findings;               ///< of the undo and of the recovery
  Json times = Json::object();                 ///< of the undo, milliseconds
  std::string message;                         ///< first whether it is back, and who serves now
  std::vector<fs::path> artifacts;             ///< post-rollback-analysis-<version>.md
  std::vector<std::string> recovery = {};      ///< what a person does now
  Course course = {};
};

/// Undoes the move, judges for `switch.verify_rollback` and writes the SOP's post-rollback analysis. Can be run again
/// after a kill. When stop is requested while it judges, the verdict stands on what was seen by then.
Result roll_back(const Request& request);

}  // namespace baton::rollback
