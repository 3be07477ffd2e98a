// What the handoffs of a deployment say together; every writer of finalize tells this one story.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "common/rollout/move.h"
#include "common/step/env.h"

namespace baton::finalize {

enum class Ending { successful, rolled_back, failed, incomplete };

struct Story {
  Release release;
  Ending ending = Ending::incomplete;
  Time begun{};                       ///< of the pipeline, else of the first step
  std::optional<Time> switched = {};  ///< the proved switch
  std::optional<rollout::Move> move = {};
  std::optional<double> coverage = {};    ///< percent of the watch's window
  std::vector<std::string> issues = {};   ///< what was not a clean pass, step by step
  std::vector<std::string> missing = {};  ///< steps that left no handoff
};

Story story_of(const View& env);

/// The step's handoff, if it left one.
const Handoff* step_of(const std::vector<Handoff>& handoffs, std::string_view step);
/// "Successful ✅", "Rolled back ↩️", …
std::string ending_text(Ending ending);
/// From the pipeline's start to the proved switch; "not known" without one. SOP, "Deployment Duration".
std::string duration_text(const Story& story);

}  // namespace baton::finalize
