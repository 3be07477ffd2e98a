// The step verb: from the first look to kept, stopped or rolled back, also when a killed run is taken up again.
#include "tools/switch/switch.h"

#include <fmt/format.h>

#include "common/config/sections/switch.h"
#include "common/core/text.h"
#include "common/core/units.h"
#include "common/rollout/acts.h"
#include "common/rollout/by_hand.h"
#include "common/rollout/put_back.h"
#include "common/rollout/recorded_move.h"
#include "common/rollout/swap.h"
#include "common/rollout/wanted.h"
#include "tools/switch/baseline.h"
#include "tools/switch/deploy.h"
#include "tools/switch/downtime.h"
#include "tools/switch/hooks.h"
#include "tools/switch/identify.h"
#include "tools/switch/kept.h"
#include "tools/switch/left_open.h"
#include "tools/switch/plan.h"
#include "tools/switch/preflight.h"
#include "tools/switch/refused.h"
#include "tools/switch/renewal.h"
#include "tools/switch/rollback.h"
#include "tools/switch/rolling.h"
#include "tools/switch/soak.h"
#include "tools/switch/stages.h"
#include "tools/switch/traffic.h"

namespace baton::cutover {
namespace {

constexpr Duration kBaselineLimit = std::chrono::seconds(30);

class Run {
 public:
  Run(const Options& options, World& world) : options_(options), world_(world), context_(world.context) {}

  StepResult go() {
    const auto before = rollout::recorded_move(context_);
    if (!before || (before->id != context_.id && !rollout::is_unfinished(before->phase))) {
      // Refused before any write, the Lease's included; under the Lease all of it is looked at again.
      if (auto refused = refusal_of(preflight(world_, digest_for(world_.env)))) return *refused;
    }
    context_.lease = std::make_shared<rollout::Lease>(rollout::Lease::acquire(context_, rollout::Claim::wait));
    const auto recorded = rollout::recorded_move(context_);
    if (recorded && recorded->id == context_.id && !is_retried(*recorded)) return resume(*recorded);
    if (recorded && rollout::is_unfinished(recorded->phase)) {
      if (auto failed = undo_unfinished(*recorded)) return *failed;
      return start(Since::own_undo);
    }
    return start(Since::precheck);
  }

 private:
  bool is_retried(const rollout::Move& move) const {
    return options_.retry_failed_digest && move.phase == rollout::Phase::undone;
  }

  std::optional<StepResult> undo_unfinished(rollout::Move move) {
    const auto reason = fmt::format("deployment '{}' was left unfinished", move.id);
    context_.say(reason + ": it is undone first");
    if (move.phase == rollout::Phase::adopting) {
      rollout::abandon(context_, *context_.lease, move);
      return std::nullopt;
    }
    const auto undone = rollout::put_back(
        context_, *context_.lease, move,
        {.reason = reason, .by = "baton-switch", .evidence_folder = world_.evidence_folder(), .is_bad_digest = false});
    if (undone.verdict == Verdict::rolled_back) return std::nullopt;
    return StepResult{.verdict = undone.verdict,
                      .findings = undone.findings,
                      .summary = fmt::format("{}: {}", reason, undone.message),
                      .recovery = undone.recovery};
  }

  StepResult start(Since since) {
    const auto digest = digest_for(world_.env);
    if (options_.retry_failed_digest) context_.lease->allow(digest);
    if (auto refused = refused_digest(context_, digest)) return *refused;
    auto found = preflight(world_, digest, since);
    if (auto refused = refusal_of(found)) return *refused;
    // Counted on: what the Service still carries of an earlier attempt is older than all that comes now.
    if (const auto before = rollout::recorded_move(context_)) found.move.revision = before->revision;
    attempt_ = {.move = found.move, .findings = found.obstacles};
    context_.say("Starting deployment " + found.move.version);
    return forward(found.wanted);
  }

  StepResult resume(const rollout::Move& move) {
    attempt_ = {.move = move};
    if (world_.env.resumed) attempt_.findings = findings_from_json(world_.env.resumed->state["findings"]);
    world_.env.log.info(
        fmt::format("taking up deployment '{}', which was left {}", move.id, rollout::phase_name(move.phase)));
    switch (move.phase) {
      case rollout::Phase::adopting:
        return forward(wanted_again());
      case rollout::Phase::switching:
        return take_up_switching();
      case rollout::Phase::kept:
        return kept_before(world_, *context_.lease, attempt_);
      case rollout::Phase::undoing:
      case rollout::Phase::undone:
        return roll_back(world_, attempt_, move.undo_reason, move.undo_by);
    }
    throw Error(ExitCode::error, "recorded move has no phase");
  }

  Json wanted_again() {
    return rollout::wanted_deployment(
        world_.env.config, attempt_.move,
        world_.kube.get(kube::kDeployments, attempt_.move.previous_deployment, context_.stop));
  }

  /// The record is written ahead: the selector itself says whether it moved, and how far.
  StepResult take_up_switching() {
    attempt_.baseline = baseline_for(world_, attempt_.move, kBaselineLimit);
    if (attempt_.move.rolled) return unless_taken_over([&] { return roll(); });
    const auto now = rollout::labels_from(rollout::find_service(context_)["spec"]["selector"]);
    const bool has_moved = now == attempt_.move.selector_after;
    if (!has_moved && !rollout::is_shared(now, attempt_.move)) return forward(wanted_again());
    return unless_taken_over([&] { return has_moved ? after_switch() : go_over(attempt_.move.share); });
  }

  StepResult forward(const Json& wanted) {
    save();
    const bool is_rolling = attempt_.move.rolled.has_value();
    if (auto stopped = is_rolling ? std::nullopt : prepared(wanted)) return *stopped;
    attempt_.move.baseline = Json();  // of a run that was killed before it moved traffic
    attempt_.baseline = baseline_for(world_, attempt_.move, kBaselineLimit);
    record_baseline(attempt_.move, attempt_.baseline);
    if (options_.until == kReady) return waits_for(stages_.front());
    return unless_taken_over([&] { return is_rolling ? roll() : go_over(0); });
  }

  StepResult roll() {
    if (auto refused = before(stages_.back())) return *refused;
    try {
      if (const auto why = roll_out(world_, *context_.lease, attempt_); !why.empty()) return undo(why);
    } catch (const kube::ApiError& error) {
      if (!error.refuses_object()) throw;
      return undo(error.what());
    }
    save();
    return after_switch();
  }

  /// Stage by stage, from the one that has `share` on.
  StepResult go_over(int share) {
    if (stages_.size() > 1) have_control(world_, *context_.lease, attempt_.move);
    for (std::size_t at = 0; at + 1 < stages_.size(); ++at) {
      if (stages_[at].share < share) continue;
      if (auto ended = share_traffic(stages_[at])) return *ended;
      if (options_.until == stages_[at].name) return waits_for(stages_[at + 1]);
    }
    if (stages_.size() > 1 && !grow(world_, *context_.lease, attempt_, kAll)) return undo(last_failure(attempt_));
    if (auto refused = refused_move(stages_.back())) return *refused;
    save();
    return after_switch();
  }

  /// Nothing where both serve and the new colour stayed healthy.
  std::optional<StepResult> share_traffic(const Stage& stage) {
    auto& lease = *context_.lease;
    const bool is_there = attempt_.move.share == stage.share && attempt_.move.shared_at.has_value();
    if (!is_there) {
      const bool is_grown =
          attempt_.move.phase != rollout::Phase::switching || grow(world_, lease, attempt_, stage.share);
      if (!is_grown) return undo(last_failure(attempt_));
      if (auto refused = refused_move(stage)) return refused;
      save();
      if (const auto why = prove_share(world_, lease, attempt_); !why.empty()) return undo(why);
    }
    const auto held = soak(world_, lease, attempt_, stage);
    if (held.state == Soaked::State::unhealthy) return undo(held.reason);
    if (held.state == Soaked::State::unknown)
      return unjudged(world_, attempt_, fmt::format("serves {} of the traffic with", stage.name));
    context_.say(fmt::format("{} stayed healthy with {} of the traffic ({} monitoring)", colour_title(attempt_.move),
                             stage.name, to_words(stage.hold)));
    if (!may_keep(world_, attempt_, stage)) return undo(last_failure(attempt_));
    return std::nullopt;
  }

  /// Nothing where no hook says no. A share that the new colour has already is taken back.
  std::optional<StepResult> before(const Stage& stage) {
    if (may_take(world_, attempt_, stage)) return std::nullopt;
    return has_share(attempt_.move) ? undo(last_failure(attempt_)) : abort_before_switch(world_, attempt_);
  }

  /// A person decides; whoever runs the step again goes on.
  StepResult waits_for(const Stage& next) {
    const auto& move = attempt_.move;
    auto result =
        result_of(world_, attempt_, Verdict::again,
                  fmt::format("'{}' of {} is up and waits; {} goes on with: the same command, without --until "
                              "or with a later stage",
                              move.deployment, move.version, context_.app));
    result.state["findings"] = findings_json(attempt_);
    result.waiting_for = "approval " + next.name;
    return result;
  }

  /// Nothing where the traffic moved. A share that the new colour has already is taken back first.
  std::optional<StepResult> refused_move(const Stage& stage) {
    if (auto refused = before(stage)) return refused;
    const bool was_shared = has_share(attempt_.move);
    try {
      move_traffic(world_, *context_.lease, attempt_, stage.share);
      return std::nullopt;
    } catch (const kube::ApiError& error) {
      if (!error.refuses_object()) throw;
      if (was_shared) return undo(error.what());
      return stand_down(world_, attempt_, error,
                        {.id = "traffic-moved", .sop = "2c.3", .title = "The Service takes the new selector"});
    }
  }

  /// Nothing when the new colour is up and smoked.
  std::optional<StepResult> prepared(const Json& wanted) {
    try {
      if (bring_up(world_, *context_.lease, attempt_, wanted, stages_.front().share)) return std::nullopt;
      return abort_before_switch(world_, attempt_);
    } catch (const Error& error) {
      if (error.code() != ExitCode::unknown && error.code() != ExitCode::stop) throw;
      return stand_down(world_, attempt_, error,
                        {.id = "bring-up", .sop = "2c.1", .title = "The new colour could be brought up"});
    }
  }

  StepResult after_switch() {
    if (const auto why = prove_traffic(world_, *context_.lease, attempt_); !why.empty()) return undo(why);
    bring_followers(world_, *context_.lease, attempt_);
    if (const auto why = start_workers(world_, *context_.lease, attempt_); !why.empty()) return undo(why);
    const auto soaked = soak_and_renew(world_, *context_.lease, attempt_, stages_.back());
    if (soaked.state == Soaked::State::unhealthy) return undo(soaked.reason);
    if (const auto why = await_workers(world_, attempt_); !why.empty()) return undo(why);
    measure_residual(world_, attempt_);
    measure_downtime(world_, attempt_);
    if (!may_keep(world_, attempt_, stages_.back())) return undo(last_failure(attempt_));
    release_followers(world_, *context_.lease, attempt_);
    return keep(world_, *context_.lease, attempt_);
  }

  template <typename Action>
  StepResult unless_taken_over(Action action) {
    try {
      return action();
    } catch (const Error& error) {
      if (error.code() == ExitCode::unknown) return left_unjudged(world_, attempt_, error);
      if (error.code() != ExitCode::handoff && error.code() != ExitCode::again) throw;
      if (auto undone = undone_by_hand()) return *undone;
      throw;
    }
  }

  std::optional<StepResult> undone_by_hand() {
    const auto recorded = undone_by_another(context_);
    if (!recorded) return std::nullopt;
    attempt_.move = *recorded;
    return result_of(world_, attempt_, Verdict::rolled_back,
                     fmt::format("{} rolled back meanwhile: {}", recorded->undo_by, recorded->undo_reason));
  }

  StepResult undo(const std::string& reason) {
    save();
    return roll_back(world_, attempt_, reason, "baton-switch");
  }

  /// What was found counts for the verdict and for the analysis, also when another run ends the step.
  void save() {
    world_.env.save_state(
        Json::object({{"move", rollout::to_json(attempt_.move)}, {"findings", findings_json(attempt_)}}));
  }

  const Options& options_;
  World& world_;
  rollout::Context& context_;
  const std::vector<Stage> stages_ = stages_of(world_.env.config.rollout());
  Attempt attempt_ = {};
};

}  // namespace

StepResult run(const Options& options, Env& env) {
  World world(env, env.release.id);
  if (env.is_dry_run()) return preview(world, digest_for(env));
  try {
    return Run(options, world).go();
  } catch (const rollout::LeaseBusy& busy) {
    return {.verdict = Verdict::again, .summary = busy.what(), .run_again_at = busy.expires()};
  } catch (const Error& error) {
    throw left_open(world, error);
  }
}

}  // namespace baton::cutover
