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
#include "common/rollout/refusals.h"
#include "common/rollout/swap.h"
#include "common/rollout/wanted.h"
#include "common/step/announce.h"
#include "tools/switch/baseline.h"
#include "tools/switch/deploy.h"
#include "tools/switch/identify.h"
#include "tools/switch/left_open.h"
#include "tools/switch/preflight.h"
#include "tools/switch/rollback.h"
#include "tools/switch/soak.h"
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
      if (auto refused = refusal(preflight(world_, digest_for(world_.env)))) return *refused;
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

  std::optional<StepResult> refusal(const Preflight& found) {
    if (!found.is_refused) return std::nullopt;
    StepResult result{.verdict = Verdict::stop, .findings = found.obstacles};
    result.summary = "Refused before anything was written";
    for (const auto& finding : found.obstacles) {
      if (finding.outcome == Outcome::fail)
        result.recovery.insert(result.recovery.end(), finding.recovery.begin(), finding.recovery.end());
    }
    return result;
  }

  std::optional<StepResult> refused_digest(const std::string& digest) {
    const auto refused = rollout::refused_digest(context_, digest);
    if (!refused) return std::nullopt;
    if (options_.retry_failed_digest) {
      context_.lease->allow(digest);
      return std::nullopt;
    }
    Finding finding{.id = "digest-not-refused",
                    .sop = "2c",
                    .title = "The image was not rolled back before",
                    .critical = true,
                    .outcome = Outcome::fail,
                    .observed = refused->observed,
                    .message = refused->message,
                    .recovery = refused->recovery};
    return StepResult{
        .verdict = Verdict::stop, .findings = {finding}, .summary = finding.message, .recovery = finding.recovery};
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
    if (auto refused = refused_digest(digest)) return *refused;
    auto found = preflight(world_, digest, since);
    if (auto refused = refusal(found)) return *refused;
    // Counted on: what the Service still carries of an earlier attempt is older than all that comes now.
    if (const auto before = rollout::recorded_move(context_)) found.move.revision = before->revision;
    attempt_ = {.move = found.move, .findings = found.obstacles};
    context_.say("Starting deployment " + found.move.version);
    return forward(found.wanted);
  }

  StepResult resume(const rollout::Move& move) {
    attempt_ = {.move = move, .findings = saved_findings()};
    world_.env.log.info(
        fmt::format("taking up deployment '{}', which was left {}", move.id, rollout::phase_name(move.phase)));
    switch (move.phase) {
      case rollout::Phase::adopting:
        return forward(wanted_again());
      case rollout::Phase::switching:
        return has_moved() ? take_up_moved() : forward(wanted_again());
      case rollout::Phase::kept:
        return kept_before();
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

  /// The record is written ahead: the selector itself says whether it moved.
  bool has_moved() {
    const auto service = rollout::find_service(context_);
    return rollout::labels_from(service["spec"]["selector"]) == attempt_.move.selector_after;
  }

  StepResult take_up_moved() {
    attempt_.baseline = baseline_for(world_, attempt_.move, kBaselineLimit);
    return unless_taken_over([&] { return after_switch(); });
  }

  StepResult forward(const Json& wanted) {
    save();
    if (auto stopped = prepared(wanted)) return *stopped;
    attempt_.move.baseline = Json();  // of a run that was killed before it moved traffic
    attempt_.baseline = baseline_for(world_, attempt_.move, kBaselineLimit);
    record_baseline(attempt_.move, attempt_.baseline);
    return unless_taken_over([&] {
      if (auto refused = refused_move()) return *refused;
      save();
      return after_switch();
    });
  }

  /// Nothing where the traffic moved.
  std::optional<StepResult> refused_move() {
    try {
      move_traffic(world_, *context_.lease, attempt_);
      return std::nullopt;
    } catch (const kube::ApiError& error) {
      if (!error.refuses_object()) throw;
      return stand_down(world_, attempt_, error,
                        {.id = "traffic-moved", .sop = "2c.3", .title = "The Service takes the new selector"});
    }
  }

  /// Nothing when the new colour is up and smoked.
  std::optional<StepResult> prepared(const Json& wanted) {
    try {
      if (bring_up(world_, *context_.lease, attempt_, wanted)) return std::nullopt;
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
    const auto soaked = soak(world_, *context_.lease, attempt_);
    if (soaked.state == Soaked::State::unhealthy) return undo(soaked.reason);
    if (const auto why = await_workers(world_, attempt_); !why.empty()) return undo(why);
    measure_residual(world_, attempt_);
    release_followers(world_, *context_.lease, attempt_);
    return keep();
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
    auto found = attempt_.findings;
    found.insert(found.end(), attempt_.judged.begin(), attempt_.judged.end());
    const auto findings = json_list(found, [](const Finding& finding) { return to_json(finding); });
    world_.env.save_state(Json::object({{"move", rollout::to_json(attempt_.move)}, {"findings", findings}}));
  }

  std::vector<Finding> saved_findings() const {
    if (!world_.env.resumed) return {};
    return findings_from_json(world_.env.resumed->state["findings"]);
  }

  StepResult keep() {
    const auto verdict = decide(attempt_.findings);
    auto& move = attempt_.move;
    // Nothing is recorded as kept: the next run goes on judging, and another deployment would put the traffic back.
    if (verdict == Verdict::unknown) return unjudged(world_, attempt_, "serves");
    context_.lease->remember({.id = move.id, .steps = Json::object({{"switch", verdict_name(verdict)}})});
    move.phase = rollout::Phase::kept;
    rollout::record_move(context_, *context_.lease, move);
    context_.say(fmt::format("{} environment stable ({} monitoring)", colour_title(move),
                             to_words(world_.env.config.rollout().soak)));
    context_.say(fmt::format("Deployment {} complete {}", move.version,
                             outcome_mark(verdict == Verdict::proceed ? Outcome::pass : Outcome::warn)));
    const auto kept = fmt::format("'{}' serves {}; '{}' stays as the way back", move.deployment, move.version,
                                  move.previous_deployment);
    announce(world_.env, Audience::team,
             {.subject = fmt::format("{} {} serves {}", context_.app, move.version, world_.env.release.environment),
              .text = kept,
              .event = "switch-kept",
              .key = "switch-kept"});
    return result_of(world_, attempt_, verdict, kept);
  }

  /// Killed after the end and before the handoff was written, or the Service's copy of the record.
  StepResult kept_before() {
    rollout::complete_record(context_, *context_.lease, attempt_.move);
    attempt_.findings.push_back({.id = "switch-kept",
                                 .sop = "2c.5",
                                 .title = "The switch was finished by an earlier run",
                                 .critical = true,
                                 .outcome = Outcome::pass});
    return result_of(world_, attempt_, remembered_verdict(world_),
                     fmt::format("'{}' serves {} already", attempt_.move.deployment, attempt_.move.version));
  }

  const Options& options_;
  World& world_;
  rollout::Context& context_;
  Attempt attempt_ = {};
};

}  // namespace

void refuse_stages(const Options& options) {
  if (options.until.empty()) return;
  throw Error(ExitCode::usage, "--until is not available yet", "Run without it: blue-green has one stage.");
}

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

StepResult plan(const Options&, Env&) {
  throw Error(ExitCode::usage, "the verb 'plan' is not available yet", "Use baton-switch run --dry-run.");
}

}  // namespace baton::cutover
