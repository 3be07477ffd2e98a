// Shrinking.
#include "tools/watch/shrink.h"

#include "common/config/sections/run.h"
#include "common/rollout/lease.h"
#include "common/rollout/next.h"
#include "common/rollout/retired.h"

namespace baton::watch {
namespace {

constexpr int kLeft = 1;

}  // namespace

bool Shrink::is_due(const judge::Look& look, bool is_undecided, const Phases& phases, Time now) const {
  const auto& move = watched_.move;
  const bool is_ours = watched_.is_recorded && !move.rolled && move.phase == rollout::Phase::kept;
  const bool may_act = !watched_.env.is_dry_run() && !watched_.env.config.run().observe;
  const bool is_calm = look.state == judge::State::healthy || look.state == judge::State::inconclusive;
  return !is_done_ && is_ours && may_act && is_calm && !is_undecided && phases.at(now) != Phase::intensive;
}

void Shrink::follow(const judge::Look& look, bool is_undecided, const Phases& phases, Time now) {
  if (!is_due(look, is_undecided, phases, now)) return;
  try {
    const auto old = watched_.kube.find(kube::kDeployments, watched_.move.previous_deployment, watched_.env.stop);
    is_done_ = !old || rollout::replicas_of(*old) <= kLeft;
    if (is_done_) return;
    const auto lease = rollout::Lease::acquire(watched_.context, rollout::Claim::wait);
    rollout::shrink_old(watched_.context, lease, watched_.move, kLeft);
    is_done_ = true;
  } catch (const Error& error) {
    if (error.code() == ExitCode::interrupted) throw;
    watched_.env.log.warning(std::string("the old colour stays at its size: ") + error.what());
  }
}

}  // namespace baton::watch
