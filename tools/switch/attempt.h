// What a run has found and done so far, and how it becomes the step's result.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/judge/baseline.h"
#include "common/rollout/dataplane.h"
#include "common/rollout/public_smoke.h"
#include "tools/switch/world.h"

namespace baton::cutover {

struct Attempt {
  rollout::Move move;
  std::vector<Finding> findings = {};
  std::vector<Finding> judged = {};              ///< the rules' own, of the last look; the soak's finding sums them up
  Json times = Json::object();                   ///< milliseconds from the patch on
  std::optional<rollout::Vantage> vantage = {};  ///< chosen before the switch; a resumed run chooses anew
  /// Asked once before the first traffic moves: what passes then has to go on.
  std::shared_ptr<rollout::PublicSmoke> public_smoke = {};
  std::string proved_from = {};    ///< "public", "cluster-ip", "nowhere"
  std::optional<Time> onset = {};  ///< of the breach that ended the soak
  std::optional<judge::Baseline> baseline = {};
  Json session = Json();                ///< the soak's memory
  std::optional<double> residual = {};  ///< requests per second that still reach the old colour
  Json downtime = Json();               ///< {"requests", "failed"} of the users, from the patch on
  std::vector<Evidence> evidence = {};
  std::vector<fs::path> artifacts = {};
};

/// All that was found, the rules' own last; of a line that was asked again, by a run that took it up, the last answer.
std::vector<Finding> findings_of(const Attempt& attempt);
/// Whether users may meet the new version beside the old one: a share, or a rolling update that has begun.
bool has_share(const rollout::Move& move);
Json findings_json(const Attempt& attempt);
/// Of the finding that failed last.
std::string last_failure(const Attempt& attempt);
/// state of the handoff: the move, colours and their sizes, times, the capacity a rollback finds, the baseline.
Json state_of(World& world, const Attempt& attempt);
/// `verdict` with everything the attempt holds, and `summary` as the record for people.
StepResult result_of(World& world, const Attempt& attempt, Verdict verdict, std::string summary);
/// What an earlier run of this deployment ended with, as the Lease remembers it; caution where it does not.
Verdict remembered_verdict(World& world);
/// Unknown, told to everybody who hears of incidents: it "serves", or "may serve".
StepResult unjudged(World& world, const Attempt& attempt, std::string_view serves);
/// Unknown: from the patch on `error` kept anybody from asking. That the release may be live is said first; the next
/// run takes it up.
StepResult left_unjudged(World& world, Attempt& attempt, const Error& error);

}  // namespace baton::cutover
