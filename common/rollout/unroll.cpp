// A rolling update taken back, step by step; each step may be the second time.
#include "common/rollout/unroll.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <future>

#include "common/config/sections/switch.h"
#include "common/rollout/conflict.h"
#include "common/rollout/dataplane.h"
#include "common/rollout/endpoints.h"
#include "common/rollout/evidence.h"
#include "common/rollout/live.h"
#include "common/rollout/next.h"
#include "common/rollout/ready.h"
#include "common/rollout/rolling.h"
#include "common/rollout/smoke.h"
#include "common/rollout/swap.h"
#include "common/rollout/undoing.h"
#include "common/rollout/workers.h"
#include "common/rollout/workload.h"

namespace baton::rollout {
namespace {

using namespace std::chrono_literals;

// Its pods end with the image that goes; users wait for it.
constexpr Duration kEvidenceLimit = 3s;
constexpr Duration kEndpointsLimit = 30s;
constexpr Duration kProofLimit = 10s;
constexpr std::string_view kRevisionHash = "controller-revision-hash";

class Unrolling : public Undoing {
 public:
  using Undoing::Undoing;

  Undo run() {
    if (move_.phase == Phase::undone) {
      complete_record(context_, lease_, move_);
      return back();
    }
    announce();
    auto evidence =
        std::async(std::launch::async, [this] { return save_evidence(context_, move_, order_.evidence_folder); });
    evidence.wait_for(kEvidenceLimit);
    put_image_back();
    add(put_workers_back(context_, lease_, move_));
    const bool is_back = await_image() && prove();
    undo_.evidence = evidence.get();
    if (!is_back) return fail("NOT ROLLED BACK: " + undo_.findings.back().message);
    add(await_workers_back(context_, move_));
    conclude();
    return back();
  }

 private:
  void announce() {
    decide();
    if (!move_.undone_at) move_.undone_at = context_.clock.now();
    record_move(context_, lease_, move_);
    context_.say(fmt::format("ROLLBACK: {} ({})", move_.undo_reason, move_.undo_by));
    tell_hooks();
  }

  void put_image_back() {
    patched_ = context_.clock.monotonic();
    take_back(rolling(), {.context = context_, .lease = lease_, .move = move_});
    undo_.times["patch_ms"] = (context_.clock.monotonic() - patched_).count();
    if (order_.is_bad_digest && !move_.digest.empty()) lease_.refuse(move_.digest);
    context_.say(fmt::format("{} goes back to {}", move_.deployment, move_.previous_image));
  }

  Json workload() { return context_.kube.get(workloads_of(move_), move_.deployment, context_.stop); }

  /// A StatefulSet waits for a pod that never gets ready before it replaces any, that one too: it has to be deleted,
  /// once the controller has read the image before, of which it makes the next one.
  void free_stuck() {
    const auto set = workload();
    const auto& status = set["status"];
    const bool has_read = set["metadata"]["generation"].integer_or(0) <= status["observedGeneration"].integer_or(0);
    if (!has_read) return;
    for (const auto& pod : owned_pods(context_, set)) {
      const bool is_of_template = pod["metadata"]["labels"][kRevisionHash] == status["updateRevision"];
      if (is_of_template || is_ready(pod) || is_terminating(pod)) continue;
      lease_.confirm();
      context_.say(
          fmt::format("{} never got ready: it is deleted, and made again of {}", name_of(pod), move_.previous_image));
      if (context_.act) context_.act("free-pod");
      remove(pod);
    }
  }

  /// One of the same name that came meanwhile is left alone.
  void remove(const Json& pod) {
    try {
      context_.kube.remove(kube::kPods, name_of(pod), {.uid = uid_of(pod)}, context_.stop);
    } catch (const kube::ApiError& error) {
      if (!is_lost_race(error) && !kube::is_blip(error.status())) throw;  // looked at again in a moment
    }
  }

  bool await_image() {
    const auto now = workload();
    // One after another: each may take as long as one.
    const auto in_turn = is_deployment(now) ? 1 : std::max(replicas_of(now), 1);
    std::function<void()> free_stuck;
    if (is_stateful_set(now)) free_stuck = [this] { this->free_stuck(); };
    auto readiness = await_ready(context_, {.kind = move_.rolled->kind,
                                            .deployment = move_.deployment,
                                            .image = move_.previous_image,
                                            .replicas = replicas_of(now),
                                            .limit = in_turn * context_.config.rollout().ready_timeout,
                                            .between = free_stuck});
    undo_.times["drained_ms"] = (context_.clock.monotonic() - patched_).count();
    undo_.findings.push_back(finding_of("rollback-rolled", "Every pod runs the version before",
                                        readiness.is_ready ? Outcome::pass : Outcome::fail, readiness.finding.message));
    pods_ = std::move(readiness.pods);
    return readiness.is_ready;
  }

  bool prove() {
    const auto moved = await_endpoints(context_, move_.service, patched_, kEndpointsLimit,
                                       [&] { return ready_pods(context_, workload()); });
    if (moved.all) undo_.times["all_slices_ms"] = moved.all->count();
    undo_.findings.push_back(finding_of("rollback-endpoints", "The endpoints are the version's before",
                                        moved.is_done ? Outcome::pass : Outcome::fail, moved.message));
    if (moved.is_done) hear_version();
    return moved.is_done;
  }

  void hear_version() {
    const auto service = find_service(context_);
    const auto proof = prove_data_plane(context_, find_vantage(context_, service, pods_, std::nullopt),
                                        {.expected = version_of(context_, service, pods_),
                                         .other = move_.version,
                                         .backends = static_cast<int>(pods_.size()) + 1,
                                         .from = patched_,
                                         .limit = kProofLimit});
    const bool is_proved = proof.state == Proof::State::proved;
    if (is_proved) undo_.times["proved_ms"] = proof.proved->count();
    undo_.findings.push_back(finding_of("rollback-data-plane", "New connections are answered by the old version",
                                        is_proved ? Outcome::pass : Outcome::warn, proof.message));
  }

  Undo back() {
    return Undoing::back(fmt::format("rolled back, '{}' serves {} again", move_.deployment, move_.previous_image));
  }

  std::vector<Json> pods_ = {};
};

}  // namespace

Undo unroll(Context& context, Lease& lease, const Move& move, const UndoOrder& order) {
  Unrolling unrolling(context, lease, move, order);
  try {
    return unrolling.run();
  } catch (const Error& error) {
    if (must_pass_on(error)) throw;
    return unrolling.failed(error.what());
  }
}

}  // namespace baton::rollout
