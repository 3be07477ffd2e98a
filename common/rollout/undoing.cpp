// Begin and end of a rollback.
#include "common/rollout/undoing.h"

#include <fmt/format.h>

#include <algorithm>

#include "common/rollout/by_hand.h"
#include "common/rollout/hooks.h"
#include "common/rollout/serving.h"
#include "common/rollout/swap.h"

namespace baton::rollout {

Finding Undoing::finding_of(std::string id, std::string title, Outcome outcome, std::string message) {
  return {.id = std::move(id),
          .sop = "rollback",
          .title = std::move(title),
          .critical = outcome != Outcome::warn,
          .outcome = outcome,
          .message = std::move(message)};
}

void Undoing::decide() {
  if (move_.phase == Phase::undoing) return;
  move_.phase = Phase::undoing;
  move_.undo_reason = order_.reason;
  move_.undo_by = order_.by;
}

void Undoing::tell_hooks() {
  add(run_hooks(context_, move_, HookEvent::before_rollback, fmt::format("{}%", move_.share)));
}

void Undoing::add(std::vector<Finding> found) { std::ranges::move(found, std::back_inserter(undo_.findings)); }

void Undoing::conclude() {
  move_.phase = Phase::undone;
  record_move(context_, lease_, move_);
  lease_.remember({.id = move_.id, .steps = Json::object({{"rollback", "rolled-back"}})});
}

Undo Undoing::back(std::string message) {
  undo_.verdict = Verdict::rolled_back;
  undo_.undone_at = move_.undone_at;
  undo_.message = std::move(message);
  return undo_;
}

Undo Undoing::fail(std::string message) {
  undo_.verdict = Verdict::rollback_failed;
  undo_.message = std::move(message);
  undo_.recovery = by_hand(context_, move_);
  undo_.findings.push_back(finding_of("rollback", "The version before serves again", Outcome::fail, undo_.message));
  return undo_;
}

Undo Undoing::failed(const std::string& why) {
  return fail(fmt::format("NOT ROLLED BACK, {}: {}", who_serves(context_), why));
}

}  // namespace baton::rollout
