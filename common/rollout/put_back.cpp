// A rollback, step by step; each step may be the second time.
#include "common/rollout/put_back.h"

#include <fmt/format.h>

#include <algorithm>
#include <future>

#include "common/config/sections/run.h"
#include "common/config/sections/switch.h"
#include "common/core/text.h"
#include "common/core/units.h"
#include "common/io/wait.h"
#include "common/rollout/acts.h"
#include "common/rollout/adopt.h"
#include "common/rollout/budgets.h"
#include "common/rollout/dataplane.h"
#include "common/rollout/endpoints.h"
#include "common/rollout/evidence.h"
#include "common/rollout/labelling.h"
#include "common/rollout/live.h"
#include "common/rollout/next.h"
#include "common/rollout/ready.h"
#include "common/rollout/route.h"
#include "common/rollout/services.h"
#include "common/rollout/size.h"
#include "common/rollout/smoke.h"
#include "common/rollout/swap.h"
#include "common/rollout/undoing.h"
#include "common/rollout/unroll.h"
#include "common/rollout/way_back.h"
#include "common/rollout/workers.h"

namespace baton::rollout {
namespace {

using namespace std::chrono_literals;

constexpr Duration kPatchLimit = 60s;
constexpr Duration kEndpointsLimit = 30s;
constexpr Duration kProofLimit = 10s;
// kube-proxy gathers changes for a second by default: whoever cannot hear which version answers waits for twice that.
constexpr Duration kUnheardPause = 2s;
constexpr Duration kDrainLimit = 60s;
constexpr Duration kOldColourPatience = 30s;

/// Asking again changes nothing: a right is missing.
bool is_denied(const Error& error) {
  const auto* answer = dynamic_cast<const kube::ApiError*>(&error);
  return answer != nullptr && (answer->status() == 401 || answer->status() == 403);
}

class Rollback : public Undoing {
 public:
  using Undoing::Undoing;

  Undo run() {
    if (move_.phase == Phase::undone) return undone_already();
    announce();
    const auto old = old_colour();
    if (!prepare(old)) return undo_;
    label(old);
    flip();
    add(put_workers_back(context_, lease_, move_));
    auto evidence =
        std::async(std::launch::async, [this] { return save_evidence(context_, move_, order_.evidence_folder); });
    const bool is_back = prove(old);
    undo_.evidence = evidence.get();
    if (!is_back) return not_proved();
    bring_followers();
    const bool is_drained = drain_bad();
    add(await_workers_back(context_, move_));
    tell_applied();
    settle(is_drained);
    return back();
  }

 private:
  /// An adoption that is to be taken back: as the configuration asks, or of an earlier version, which left the Service
  /// narrowed to pods that no restart would leave in it.
  bool gives_back() const {
    const bool is_pinned = move_.selector_before.contains(kTemplateHash);
    return move_.adopted && (is_pinned || !context_.config.rollout().keeps_adopted);
  }

  /// The Lease may say so before an adopted Service got its own selector back, or its copy of the record.
  Undo undone_already() {
    const auto selector = labels_from(find_service(context_)["spec"]["selector"]);
    const bool is_narrowed = gives_back() && selector == move_.selector_before;
    if (is_narrowed) settle(drain_bad());
    if (!is_narrowed) complete_record(context_, lease_, move_);
    return back();
  }

  void announce() {
    decide();
    lease_.record(move_);
    context_.say(fmt::format("ROLLBACK: {} ({})", move_.undo_reason, move_.undo_by));
    tell_hooks();
  }

  Json old_colour() { return context_.kube.get(kube::kDeployments, move_.previous_deployment, context_.stop); }

  int needed() {
    const auto bad = context_.kube.find(kube::kDeployments, move_.deployment, context_.stop);
    return std::max(move_.replicas, bad ? replicas_of(*bad) : 0);
  }

  /// The old colour can take the traffic, or as much of it as it ever will.
  bool prepare(const Json& old) {
    if (!move_.previous_image.empty() && !has_image(old, move_.previous_image)) {
      const auto container = container_of(old, context_.config, repository_of(move_.previous_image));
      failed(fmt::format("'{}' holds '{}' by now, not '{}'", move_.previous_deployment,
                         container["image"].string_or(""), move_.previous_image));
      return false;
    }
    const auto wanted = needed();
    const auto ready = static_cast<int>(ready_pods(context_, old).size());
    const bool is_shrunk = replicas_of(old) < wanted;
    // Half of the old colour is better than all of a bad one; a colour that was shrunk is worth the wait.
    if (!is_shrunk && 2 * ready >= wanted) return true;
    raise_to(context_, lease_, move_.previous_deployment, wanted);
    const auto limit = is_shrunk ? context_.config.rollout().ready_timeout : kOldColourPatience;
    auto readiness =
        await_ready(context_, {.deployment = move_.previous_deployment, .replicas = wanted, .limit = limit});
    if (readiness.is_ready) return true;
    if (readiness.pods.empty()) {
      failed(fmt::format("no pod of '{}' is ready: {}", move_.previous_deployment, readiness.finding.message));
      return false;
    }
    undo_.findings.push_back(finding_of(
        "old-colour-size", "The old colour is at full size", Outcome::warn,
        fmt::format("{} of {} pods of '{}' are ready", readiness.pods.size(), wanted, move_.previous_deployment)));
    return true;
  }

  /// An owner who put his own template back took the adopted pods' label: the selector would find none of them.
  void label(const Json& old) {
    if (!move_.labels || is_labelled(old, colour_of_old(move_))) return;
    label_pods(context_, lease_, move_.previous_deployment, colour_of_old(move_));
  }

  /// The selector that may be replaced; nothing: any. One that never moved, or is back already, is nobody else's.
  std::optional<Labels> replaced() {
    if (order_.is_forced) return std::nullopt;
    const auto now = labels_from(find_service(context_)["spec"]["selector"]);
    const bool is_from_before = now == move_.selector_original || now == move_.selector_before;
    return is_from_before || is_shared(now, move_) ? now : move_.selector_after;
  }

  void flip() {
    const auto from = replaced();
    const auto to = way_back(context_, move_);
    move_.selector_before = to;
    if (!move_.undone_at) move_.undone_at = context_.clock.now();
    Wait wait(context_.patience(), "the API server to take the selector", kPatchLimit);
    for (bool is_written = false; !is_written;) {
      patched_ = context_.clock.monotonic();
      try {
        restore_route(context_, lease_, move_);
        move_selector(context_, lease_, from, to, move_);
        is_written = true;
      } catch (const Error& error) {
        if (must_pass_on(error) || is_denied(error) || wait.is_over()) throw;
        wait.pause(1s, error.what());
      }
    }
    undo_.times["patch_ms"] = (context_.clock.monotonic() - patched_).count();
    if (order_.is_bad_digest && !move_.digest.empty()) lease_.refuse(move_.digest);
    context_.say(fmt::format("Traffic switched back to {}", move_.previous_deployment));
  }

  bool prove(const Json& old) {
    auto names = services_there(context_, move_);
    names.insert(names.begin(), move_.service);
    for (const auto& name : names) {
      const auto moved =
          await_endpoints(context_, name, patched_, kEndpointsLimit, [&] { return ready_pods(context_, old); });
      if (moved.first) undo_.times["first_slice_ms"] = moved.first->count();
      if (moved.all) undo_.times["all_slices_ms"] = moved.all->count();
      undo_.findings.push_back(finding_of("rollback-endpoints",
                                          fmt::format("The endpoints of '{}' are the old colour's", name),
                                          moved.is_done ? Outcome::pass : Outcome::fail, moved.message));
      if (!moved.is_done) return false;
    }
    hear_versions(old);
    return true;
  }

  void hear_versions(const Json& old) {
    const auto service = find_service(context_);
    const auto back = ready_pods(context_, old);
    const auto bad = bad_pods();
    const ProofRequest request{.expected = version_of(context_, service, back),
                               .other = version_of(context_, service, ready_pods(bad)),
                               .backends = static_cast<int>(back.size() + bad.size()),
                               .from = patched_,
                               .limit = kProofLimit};
    const auto proof = prove_data_plane(context_, find_vantage(context_, service, back, std::nullopt), request);
    if (proof.last_old) undo_.times["last_old_answer_ms"] = proof.last_old->count();
    if (proof.state == Proof::State::proved) undo_.times["proved_ms"] = proof.proved->count();
    if (proof.state != Proof::State::proved) context_.clock.sleep_for(kUnheardPause, context_.stop);
    undo_.findings.push_back(finding_of("rollback-data-plane", "New connections are answered by the old version",
                                        proof.state == Proof::State::proved ? Outcome::pass : Outcome::warn,
                                        proof.message));
  }

  void bring_followers() { add(take_back_each(following(), {.context = context_, .lease = lease_, .move = move_})); }

  void tell_applied() {
    if (move_.applied.empty()) return;
    const auto text = fmt::format("{} stay as the release left them", join(move_.applied, ", "));
    context_.say(text);
    undo_.findings.push_back(finding_of(
        "rollback-applied", "What the manifest holds beside the Deployment is as before", Outcome::warn, text));
    undo_.findings.back().recovery = {"Apply them as the version before had them, if it cannot live with these."};
  }

  std::vector<Json> bad_pods() {
    const auto bad = context_.kube.find(kube::kDeployments, move_.deployment, context_.stop);
    return bad ? owned_pods(context_, *bad) : std::vector<Json>{};
  }

  bool drain_bad() {
    const auto drained = drain(context_, lease_, move_.deployment, move_.id, kDrainLimit);
    undo_.times["drained_ms"] = (context_.clock.monotonic() - patched_).count();
    undo_.findings.push_back(finding_of("rollback-drained", "No pod of the bad colour is left for kept connections",
                                        drained.is_empty ? Outcome::pass : Outcome::warn, drained.message));
    if (!drained.is_empty)
      still_open_ =
          fmt::format("; what is open to '{}' stays on it until its pods end: {}", move_.deployment, drained.message);
    if (drained.is_empty) context_.say(fmt::format("{} is drained", move_.deployment));
    return drained.is_empty;
  }

  /// A Service gets its own selector back, but not while pods of the bad colour match it too.
  void settle(bool is_drained) {
    if (!is_drained && gives_back()) return;
    if (gives_back()) {
      guard_colour(context_, lease_, move_, move_.labels ? "" : move_.previous_colour);
      take_back_adoption(context_, lease_, move_);
    }
    drop_colour_service(context_, lease_, move_);
    conclude();
  }

  Undo back() {
    return Undoing::back(fmt::format("rolled back, '{}' serves again ({}){}", move_.previous_deployment,
                                     move_.previous_image, still_open_));
  }

  Undo not_proved() {
    return fail(
        fmt::format("ROLLBACK NOT PROVED, both versions may serve: the Service selects '{}' again, and its "
                    "endpoints did not follow within {}: {}",
                    move_.previous_deployment, to_words(kEndpointsLimit), undo_.findings.back().message));
  }

  std::string still_open_ = {};  ///< of the bad colour, in words; empty: nothing
};

}  // namespace

Undo put_back(Context& context, Lease& lease, const Move& move, const UndoOrder& order) {
  if (move.rolled) return unroll(context, lease, move, order);
  Rollback rollback(context, lease, move, order);
  try {
    return rollback.run();
  } catch (const Error& error) {
    if (must_pass_on(error)) throw;
    return rollback.failed(error.what());
  }
}

}  // namespace baton::rollout
