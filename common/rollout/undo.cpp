// The rollback that switch and watch share, under a Lease of its own.
#include "common/rollout/undo.h"

#include <fmt/format.h>

#include <utility>

#include "common/rollout/autoscalers.h"
#include "common/rollout/by_hand.h"
#include "common/rollout/intent.h"
#include "common/rollout/lease.h"
#include "common/rollout/put_back.h"
#include "common/rollout/recorded_move.h"

namespace baton::rollout {

Undo undo(Context& context, const Move& move, std::string_view reason, std::string_view by,
          const std::string& evidence_folder) {
  const auto lease = context.lease ? std::exchange(context.lease, nullptr)
                                   : std::make_shared<Lease>(Lease::acquire(context, Claim::wait));
  const auto recorded = recorded_move(context);
  if (recorded && recorded->id != move.id) {
    throw Error(ExitCode::handoff,
                fmt::format("deployment '{}' went live after '{}': its rollback would undo the newer one", recorded->id,
                            move.id),
                "If the newer one must go: " + rollback_command(context));
  }
  return put_back(context, *lease, recorded.value_or(move),
                  {.reason = std::string(reason),
                   .by = std::string(by),
                   .evidence_folder = evidence_folder,
                   .is_forced = context.is_forced});
}

bool must_pass_on(const Error& error) {
  return error.code() == ExitCode::interrupted || error.code() == ExitCode::again || error.code() == ExitCode::handoff;
}

std::vector<Finding> release_after(Context& context, const Move& move, Time undone_at) try {
  auto findings = await_autoscalers(context, move, move.previous_deployment, undone_at);
  if (findings.empty()) return findings;
  const auto lease = Lease::acquire(context, Claim::wait);
  const auto recorded = recorded_move(context);
  if (recorded && recorded->id == move.id) release_scale_down(context, lease, move);
  return findings;
} catch (const LeaseBusy&) {
  return {};  // a newer deployment holds it by now, and releases it at its own end
} catch (const Error& error) {
  return {{.id = "autoscaler-follows",
           .sop = "rollback",
           .title = "The autoscaler sizes the colour that serves",
           .outcome = Outcome::warn,
           .message = fmt::format("its scale-down may still be held: {}", error.what()),
           .recovery = {"Once it sizes the old colour, run again: " + rollback_command(context)}}};
}

}  // namespace baton::rollout
