// The table of endings, and the questions that lead to a row.
#include "tools/finalize/ending.h"

#include <algorithm>
#include <array>

namespace baton::finalize {
namespace {

constexpr std::array kEndings = {
    EndingRow{Ending::incomplete, "Incomplete ❔", "Not known", Serving::not_known, Outcome::unknown},
    EndingRow{Ending::not_deployed, "Not deployed ❌", "Not needed", Serving::old_version},
    EndingRow{Ending::stopped_before_traffic, "Stopped before any traffic was switched ❌", "Not needed",
              Serving::old_version},
    EndingRow{Ending::successful, "Successful ✅", "Not needed", Serving::new_version},
    EndingRow{Ending::with_warnings, "Successful with warnings ⚠️", "Not needed", Serving::new_version},
    EndingRow{Ending::unmeasured, "Live, watched without metrics ⚠️", "Not needed", Serving::new_version,
              Outcome::warn},
    EndingRow{Ending::unjudged, "Live, but not judged to the end ❔", "Not made", Serving::new_version,
              Outcome::unknown},
    EndingRow{Ending::unhealthy, "Failed, and still live ❌", "Not made", Serving::new_version, Outcome::fail},
    EndingRow{Ending::rolled_back, "Rolled back ⚠️", "Made by Baton", Serving::old_version},
    EndingRow{Ending::rolled_back_by_person, "Rolled back by a person ⚠️", "Made by a person",
              Serving::old_version},
    EndingRow{Ending::rollback_failed, "Rollback failed ❌", "Failed", Serving::not_known, Outcome::fail},
    EndingRow{Ending::superseded, "Superseded by a newer release", "Not needed", Serving::newer_version},
};

/// What a step saw where it only observed counts as if it had acted on it.
std::optional<Verdict> verdict_of(const Handoff* handoff) {
  if (handoff == nullptr) return std::nullopt;
  return handoff->observed.empty() ? handoff->verdict : verdict_from(handoff->observed);
}

bool went_well(std::optional<Verdict> verdict) { return verdict == Verdict::proceed || verdict == Verdict::caution; }

bool is_ours(std::string_view who) { return who.starts_with("baton-"); }

/// As switch and watch wrote it down.
std::optional<Ending> told_rollback(const Handoff* cutover, const Handoff* watch) {
  for (const auto* handoff : {watch, cutover}) {
    if (handoff == nullptr) continue;
    if (handoff->verdict == Verdict::rolled_back) return Ending::rolled_back;
    if (handoff->verdict == Verdict::rollback_failed) return Ending::rollback_failed;
  }
  return std::nullopt;
}

/// Of this deployment's own record: a person's rollback is in it whenever it came. One that was proved stays open there
/// while pods of the bad colour keep a Service from the selector it had before an adoption.
std::optional<Ending> recorded_rollback(const EndingFacts& facts, std::optional<Ending> told) {
  if (!facts.recorded || facts.recorded->id != facts.id) return std::nullopt;
  const auto phase = facts.recorded->phase;
  const bool is_open = phase == rollout::Phase::undoing;
  if (!is_open && phase != rollout::Phase::undone) return std::nullopt;
  if (is_open && told != Ending::rolled_back) return Ending::rollback_failed;
  return is_ours(facts.recorded->undo_by) ? Ending::rolled_back : Ending::rolled_back_by_person;
}

/// Of a release that was never switched.
Ending before_switch(std::span<const Handoff> handoffs) {
  const auto stopped = std::ranges::any_of(handoffs, [](const Handoff& handoff) {
    return !went_well(handoff.verdict) && handoff.verdict != Verdict::again;
  });
  return stopped ? Ending::not_deployed : Ending::incomplete;
}

/// Of a release that serves.
Ending while_live(const Handoff& switched, const Handoff* watched) {
  const auto cutover = verdict_of(&switched);
  const auto watch = verdict_of(watched);
  if (watch == Verdict::stop || watch == Verdict::rolled_back) return Ending::unhealthy;
  if (watch == Verdict::unknown || (cutover == Verdict::unknown && watch != Verdict::again)) return Ending::unjudged;
  if (!went_well(cutover) || !went_well(watch)) return Ending::incomplete;
  if (watched->state.find("without_metrics") != nullptr) return Ending::unmeasured;
  const bool is_clean = cutover == Verdict::proceed && watch == Verdict::proceed;
  return is_clean ? Ending::successful : Ending::with_warnings;
}

}  // namespace

const EndingRow& row_of(Ending ending) { return *std::ranges::find(kEndings, ending, &EndingRow::ending); }

Ending ending_of(const EndingFacts& facts) {
  const auto* cutover = find_step(facts.handoffs, "switch");
  const auto* watch = find_step(facts.handoffs, "watch");
  const auto told = told_rollback(cutover, watch);
  if (const auto recorded = recorded_rollback(facts, told)) return *recorded;
  if (told) return *told;
  const bool is_overtaken = facts.recorded && facts.recorded->id != facts.id;
  if (cutover == nullptr) return before_switch(facts.handoffs);
  if (cutover->verdict == Verdict::stop) return Ending::stopped_before_traffic;
  if (is_overtaken || (watch != nullptr && watch->verdict == Verdict::superseded)) return Ending::superseded;
  return while_live(*cutover, watch);
}

}  // namespace baton::finalize
