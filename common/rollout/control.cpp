// The control of a canary.
#include "common/rollout/control.h"

#include "common/rollout/conflict.h"
#include "common/rollout/next.h"
#include "common/rollout/swap.h"

namespace baton::rollout {
namespace {

/// To `to`, where it has exactly `from` replicas.
void resize(Context& context, const Lease& lease, const std::string& deployment, int from, int to) {
  until_not_lost([&] {
    const auto found = context.kube.find(kube::kDeployments, deployment, context.stop);
    if (!found || replicas_of(*found) != from) return;
    lease.confirm();
    context.kube.scale(kube::kDeployments, *found, to, context.stop);
  });
}

}  // namespace

void add_control(Context& context, Lease& lease, Move& move) {
  if (move.control == 0) {
    const auto old = context.kube.get(kube::kDeployments, move.previous_deployment, context.stop);
    if (replicas_of(old) == 0) return;
    move.control = replicas_of(old);
    record_move(context, lease, move);
  }
  resize(context, lease, move.previous_deployment, move.control, move.control + 1);
}

void drop_control(Context& context, const Lease& lease, Move& move) {
  if (move.control == 0) return;
  resize(context, lease, move.previous_deployment, move.control + 1, move.control);
  move.control = 0;
}

int without_control(const Move& move, int replicas) {
  return move.control > 0 && replicas == move.control + 1 ? move.control : replicas;
}

}  // namespace baton::rollout
