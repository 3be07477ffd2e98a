// Waiting for one pod after another.
#include "tools/switch/rolling.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <set>

#include "common/config/sections/switch.h"
#include "common/core/text.h"
#include "common/rollout/live.h"
#include "common/rollout/next.h"
#include "common/rollout/ready.h"
#include "common/rollout/rolling.h"
#include "common/rollout/smoke.h"
#include "common/rollout/swap.h"
#include "common/rollout/wanted.h"
#include "common/rollout/workload.h"

namespace baton::cutover {
namespace {

using namespace std::chrono_literals;

constexpr Duration kSettled = 1s;

class PodByPod {
 public:
  PodByPod(World& world, Attempt& attempt) : world_(world), attempt_(attempt), move_(attempt.move) {}

  /// Empty, or why it must be undone.
  std::string follow() {
    for (int count = 1;; ++count) {
      const auto workload = rollout::find_workload(world_.context, move_);
      const auto replicas = std::max(workload ? rollout::replicas_of(*workload) : 0, 1);
      auto readiness = await(std::min(count, replicas), count >= replicas, limit(workload, count, replicas));
      if (!readiness.is_ready || count >= replicas) attempt_.findings.push_back(readiness.finding);
      if (!readiness.is_ready) return readiness.finding.message;
      if (auto why = smoke_new(readiness.pods); !why.empty()) return why;
      world_.context.say(
          fmt::format("{} of {} run {}", std::min(count, replicas), count_text(replicas, "pod"), move_.version));
      if (count >= replicas) return "";
    }
  }

 private:
  /// What the pace takes comes on top: the pod before is tried first, and the last one is, too.
  Duration limit(const std::optional<Json>& workload, int count, int replicas) const {
    const std::chrono::seconds trial(workload ? (*workload)["spec"]["minReadySeconds"].integer_or(0) : 0);
    return world_.env.config.rollout().ready_timeout + (count > 1 ? trial : 0s) + (count >= replicas ? trial : 0s);
  }

  rollout::Readiness await(int count, bool is_whole, Duration limit) {
    return rollout::await_ready(world_.context, {.kind = move_.rolled->kind,
                                                 .deployment = move_.deployment,
                                                 .image = rollout::pinned_image(world_.env.config, move_.digest),
                                                 .replicas = count,
                                                 .limit = limit,
                                                 .settled = is_whole ? kSettled : Duration{0},
                                                 .is_whole = is_whole});
  }

  std::string smoke_new(const std::vector<Json>& pods) {
    std::vector<Json> fresh;
    std::ranges::copy_if(pods, std::back_inserter(fresh),
                         [&](const Json& pod) { return smoked_.insert(rollout::uid_of(pod)).second; });
    if (fresh.empty()) return "";
    for (auto& finding : rollout::smoke(world_.context, rollout::find_service(world_.context), fresh)) {
      attempt_.findings.push_back(finding);
      if (finding.outcome == Outcome::fail) return finding.message;
    }
    return "";
  }

  World& world_;
  Attempt& attempt_;
  const rollout::Move& move_;
  std::set<std::string> smoked_ = {};
};

}  // namespace

std::string roll_out(World& world, rollout::Lease& lease, Attempt& attempt) {
  auto& move = attempt.move;
  auto& context = world.context;
  move.phase = rollout::Phase::switching;
  if (!move.patched_at) move.patched_at = world.env.clock.now();
  rollout::record_move(context, lease, move);
  rollout::perform(rollout::rolling(), {.context = context, .lease = lease, .move = move});
  const auto workload = world.kube.get(rollout::workloads_of(move), move.deployment, context.stop);
  context.say(fmt::format("{} gets {}, {}", move.deployment, move.version, rollout::pace_words(workload)));
  auto why = PodByPod(world, attempt).follow();
  if (why.empty()) rollout::restore_pace(context, lease, move);
  return why;
}

}  // namespace baton::cutover
