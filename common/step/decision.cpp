// The four ways a step can begin.
#include "common/step/decision.h"

#include <algorithm>
#include <array>

namespace baton {
namespace {

bool is_same_release(const Release& a, const Release& b) {
  return a.app == b.app && a.version == b.version && a.environment == b.environment;
}

/// Two digests that are both known and differ.
bool is_other_image(const std::string& a, const std::string& b) { return !a.empty() && !b.empty() && a != b; }

/// The first step's file belongs to the deployment that this run is about.
bool is_own_deployment(const StepFacts& facts) {
  return facts.own && is_same_release(facts.own->release, facts.asked) && !facts.has_later_step &&
         !is_other_image(facts.own->subject.sha256, facts.image_sha256) &&
         !is_on_other_database(*facts.own, facts.database);
}

bool has_ended(const StepFacts& facts) {
  if (!facts.own || !is_final(facts.own->verdict) || !is_same_release(facts.own->release, facts.asked)) return false;
  const bool has_expired = facts.own->expires_at && *facts.own->expires_at < facts.now;
  return !has_expired && facts.is_own_trusted && facts.is_same_policy && facts.is_confirmed &&
         !is_on_other_database(*facts.own, facts.database) &&
         (facts.begins_deployment ? is_own_deployment(facts) : facts.follows_previous);
}

struct ErrorVerdict {
  ExitCode code;
  Verdict verdict;
};

constexpr auto kErrorVerdicts = std::to_array<ErrorVerdict>({
    {ExitCode::error, Verdict::unknown},
    {ExitCode::unknown, Verdict::unknown},
    {ExitCode::stop, Verdict::stop},
    {ExitCode::rolled_back, Verdict::rolled_back},
    {ExitCode::rollback_failed, Verdict::rollback_failed},
});

}  // namespace

bool is_on_other_database(const Handoff& own, const std::string& database) {
  return !database.empty() && std::ranges::any_of(own.targets, [&](const Target& target) {
    return !target.database.empty() && target.database != database;
  });
}

bool is_final(Verdict verdict) {
  constexpr std::array kFinal = {Verdict::proceed, Verdict::caution, Verdict::rolled_back, Verdict::rollback_failed,
                                 Verdict::superseded};
  return std::ranges::find(kFinal, verdict) != kFinal.end();
}

Verdict verdict_after(ExitCode code) {
  const auto* const row = std::ranges::find(kErrorVerdicts, code, &ErrorVerdict::code);
  return row == kErrorVerdicts.end() ? Verdict::again : row->verdict;
}

StepAction decide_step(const StepFacts& facts) {
  if (has_ended(facts)) return StepAction::keep;
  if (!facts.begins_deployment) return StepAction::join;
  return is_own_deployment(facts) ? StepAction::go_on : StepAction::begin;
}

}  // namespace baton
