// One deployment as its handoffs tell it together; everything that finalize writes is written from this.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "common/handoff/handoff.h"
#include "common/rollout/move.h"
#include "common/rollout/strategy.h"
#include "tools/finalize/ending.h"

namespace baton::finalize {

struct Deployment {
  Release release;
  std::string_view strategy = rollout::strategy_title({});
  Ending ending = Ending::incomplete;
  Time begun{};                       ///< of the pipeline, else of the first step
  bool is_build_in = false;           ///< it began with the pipeline: the build is part of its duration
  std::optional<Time> switched = {};  ///< the proved switch
  std::optional<Time> soaked = {};    ///< when switch itself had judged it to the end of the soak
  std::optional<rollout::Move> move = {};
  std::optional<double> coverage = {};    ///< percent of the watch's window
  std::vector<std::string> issues = {};   ///< what was not a clean pass, step by step
  std::vector<std::string> missing = {};  ///< steps that left no handoff
};

/// What the handoffs of a deployment cannot say.
struct Known {
  Release release = {};                        ///< of a deployment that left no handoff
  Time started_at = {};                        ///< likewise
  bool has_database = false;                   ///< without one nobody misses migrate
  std::optional<rollout::Move> recorded = {};  ///< by Service and Lease now
};

/// `handoffs` are those of one deployment, oldest first, without finalize's own. Throws Error{unknown} on a state that
/// switch or watch did not write.
Deployment deployment_of(std::span<const Handoff> handoffs, const Known& known);

/// Its ending in a line, with who took it back: "Rolled back by a person ⚠️ (jo: customers call)".
std::string ending_text(const Deployment& deployment);
/// Whether its new version serves at its end.
bool is_live(const Deployment& deployment);
/// "20m from 2026-03-01T11:40:00Z (pipeline start) to …Z (traffic switched)"; "not known" without a switch.
std::string duration_text(const Deployment& deployment);
/// The SOP's "Deployment Duration" of a standard release; nothing where the build is not in what is known, and for a
/// canary, whose stages alone take longer.
std::optional<Outcome> duration_mark(const Deployment& deployment);

}  // namespace baton::finalize
