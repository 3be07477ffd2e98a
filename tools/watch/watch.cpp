// The loop around a look: judge, act once, write down, leave or go on.
#include "tools/watch/watch.h"

#include <fmt/format.h>

#include <algorithm>

#include "common/config/sections/run.h"
#include "common/config/sections/watch.h"
#include "common/rollback/rollback.h"
#include "common/step/announce.h"
#include "common/step/connect.h"
#include "common/step/taken_evidence.h"
#include "tools/watch/blindness.h"
#include "tools/watch/commands.h"
#include "tools/watch/decide.h"
#include "tools/watch/endpoint_guard.h"
#include "tools/watch/progress_line.h"
#include "tools/watch/report.h"
#include "tools/watch/shrink.h"
#include "tools/watch/sight.h"
#include "tools/watch/warnings.h"
#include "tools/watch/watched.h"
#include "tools/watch/way_back_watch.h"

namespace baton::watch {
namespace {

/// Pods that came by themselves (a lost node, an autoscaler) are judged after this at the latest.
constexpr Duration kPodsAfter = std::chrono::minutes(5);
constexpr Duration kWayBackLook = std::chrono::seconds(10);  // a tick has no next step to take it at

enum class Mode { run, tick };

class Watch {
 public:
  Watch(Watched& watched, Mode mode)
      : watched_(watched),
        env_(watched.env),
        mode_(mode),
        phases_{.start = start_of(watched.move), .config = env_.config.watch()},
        sight_(watched, phases_),
        now_(env_.clock.now()) {}

  StepResult hold();

 private:
  void ask_cluster();
  Duration pods_rhythm() const;
  void look_now();
  std::optional<StepResult> act_when_nobody_serves();
  std::optional<StepResult> act_on_share();
  std::optional<StepResult> look_and_act();  ///< nothing: there is more to see
  StepResult act(Action action);
  StepResult take_up_rollback();
  StepResult roll_back(const std::string& by);
  StepResult hand_over();
  StepResult leave(Verdict verdict);
  StepResult leave_again();
  void write_report(StepResult& result);
  Json state() const;
  Time judged_end() const { return std::min(now_, phases_.end()); }

  Watched& watched_;
  EndpointGuard endpoints_{watched_};
  Warnings warnings_{watched_};
  Shrink shrink_{watched_};
  Env& env_;
  Mode mode_;
  Phases phases_;
  Sight sight_;
  judge::Look look_ = {};
  Time now_;
  std::string cluster_away_ = {};  ///< why it could not be asked; empty: it was
  Blindness blindness_{watched_};
  WayBackWatch way_back_{watched_, phases_};
  ProgressLines lines_{env_.log};
};

Json Watch::state() const {
  auto state = sight_.state(judged_end());
  if (watched_.is_recorded) {
    state["move"] = rollout::to_json(watched_.move);
  } else {
    state["watched_since"] = to_rfc3339(start_of(watched_.move));
  }
  if (blindness_.since()) state["blind_since"] = to_rfc3339(*blindness_.since());
  if (way_back_.was_lost()) state["way_back_lost"] = way_back_.state();
  if (!warnings_.all().empty())
    state["warnings"] = json_list(warnings_.all(), [](const Warning& warning) { return to_json(warning); });
  return state;
}

/// Who sees nothing asks at once: the pods may all be new ones.
Duration Watch::pods_rhythm() const {
  if (blindness_.since()) return Duration{0};
  return std::min<Duration>(phases_.every(now_), kPodsAfter);
}

/// An API server that is away ends no watch: the metrics go on telling how the pods known so far do.
void Watch::ask_cluster() {
  try {
    watched_.refresh(pods_rhythm());
    sight_.include_pods(watched_.scope.pods);
    cluster_away_.clear();
  } catch (const Error& error) {
    if (error.code() != ExitCode::unknown) throw;
    cluster_away_ = std::string("the cluster cannot be asked, and no rollback could be made: ") + error.what();
  }
}

void Watch::look_now() {
  now_ = env_.clock.now();
  if (cluster_away_.empty()) way_back_.begin(now_);
  look_ = sight_.look(judged_end());
  blindness_.follow(look_, cluster_away_, phases_.start, now_);
  // Nobody waits for messages while a rollback is due.
  if (look_.state == judge::State::critical) return env_.save_state(state());
  warnings_.follow(sight_.session().seen(), look_, now_);
  way_back_.take(now_, mode_ == Mode::tick ? kWayBackLook : Duration{0});
  env_.save_state(state());
  way_back_.tell();
}

StepResult Watch::hold() {
  try {
    while (!env_.stop.stop_requested()) {
      if (auto ended = look_and_act()) return *ended;
      if (mode_ == Mode::tick) break;
      lines_.say(look_, sight_.session().seen(), phases_, now_);
      endpoints_.rest(env_.config.watch().step);
    }
  } catch (const Error& error) {
    // A look that was cut off has found nothing, and what was judged before it stands; a rollback that was is not over.
    if (error.code() != ExitCode::interrupted || look_.state == judge::State::critical) throw;
  }
  return leave_again();
}

/// Critical at once, as in the soak; held where the way back has no pod either.
std::optional<StepResult> Watch::act_when_nobody_serves() {
  const auto seen = endpoints_.look();
  if (seen == EndpointGuard::State::served) return std::nullopt;
  now_ = env_.clock.now();
  const std::string lost = "no pod of '" + watched_.move.deployment + "' is ready: the Service has no endpoint";
  if (seen == EndpointGuard::State::lost_both) {
    const std::string held = lost + ", and '" + watched_.move.previous_deployment + "' has no ready pod either";
    env_.log.error("held: " + held);
    page(env_, "watch-nobody-serves", env_.release.app + ": nobody serves", held);
    return std::nullopt;
  }
  look_ = {.state = judge::State::critical, .findings = {nobody_serves(lost)}, .reason = lost};
  return act(decide(look_, phases_.at(now_), env_.config));
}

/// At the end: a release that failed this much is not left to nobody.
std::optional<StepResult> Watch::act_on_share() {
  const auto share = sight_.session().critical_share();
  if (share.empty()) return std::nullopt;
  look_.state = judge::State::critical;
  look_.reason = share;
  return act(decide(look_, phases_.at(now_), env_.config));
}

std::optional<StepResult> Watch::look_and_act() {
  ask_cluster();
  if (watched_.superseded) return superseded(watched_);
  if (rollout::is_turned_back(watched_.move.phase)) return take_up_rollback();
  if (auto ended = act_when_nobody_serves()) return ended;
  look_now();
  shrink_.follow(look_, warnings_.is_undecided(now_), phases_, now_);
  const Action action = decide(look_, phases_.at(now_), env_.config);
  // The last look too must know who serves: whether it is still this release that was watched. A store may be late.
  const bool is_open = !cluster_away_.empty() || (mode_ == Mode::run && sight_.awaits_samples(now_));
  const bool must_wait = action == Action::finish && is_open;
  const bool is_lost = !sight_.can_reach_coverage(now_);
  if ((action == Action::finish && !must_wait) || is_lost) {
    if (auto ended = act_on_share()) return ended;
  }
  if (action != Action::go_on && !must_wait) return act(action);
  if (is_lost) return leave(Verdict::unknown);
  return std::nullopt;
}

StepResult Watch::act(Action action) {
  switch (action) {
    case Action::roll_back:
      return env_.is_dry_run() || !watched_.is_recorded ? hand_over() : roll_back("baton-watch");
    case Action::ask_person:
      return hand_over();
    case Action::finish:
    case Action::go_on:
      break;
  }
  const bool is_in_doubt = warnings_.is_undecided(now_) || way_back_.was_lost();
  return leave(verdict_at_end(look_, sight_.session(), sight_.coverage(phases_.end()), is_in_doubt));
}

/// A killed run began it, or a person: what traffic does by now tells nothing about the release any more.
StepResult Watch::take_up_rollback() {
  now_ = env_.clock.now();
  look_ = {.state = judge::State::critical, .reason = watched_.move.undo_reason};
  if (env_.resumed) look_.findings = findings_from_json(env_.resumed->state["findings"]);
  if (env_.is_dry_run() || env_.config.run().observe) return leave(Verdict::rolled_back);
  return roll_back(watched_.move.undo_by);
}

/// Findings and points are saved first: after a kill nothing can be seen of them.
StepResult Watch::roll_back(const std::string& by) {
  auto state = this->state();
  state["findings"] = json_list(look_.findings, [](const Finding& finding) { return to_json(finding); });
  env_.save_state(state);
  sight_.write_points();
  env_.log.error("rolling back: " + look_.reason);
  page(env_, "watch-rolling-back", "ROLLBACK: " + env_.release.app + " " + watched_.move.version, look_.reason);
  const auto done = rollback::roll_back({.context = watched_.context,
                                         .move = watched_.move,
                                         .store = watched_.store ? &*watched_.store : nullptr,
                                         .baseline = &watched_.baseline,
                                         .reason = look_.reason,
                                         .by = by,
                                         .findings = look_.findings,
                                         .onset = look_.onset,
                                         .folder = env_.dir});
  auto result = leave(done.verdict);
  result.findings.insert(result.findings.end(), done.findings.begin(), done.findings.end());
  result.artifacts.insert(result.artifacts.end(), done.artifacts.begin(), done.artifacts.end());
  result.recovery = done.recovery;
  result.state["times"] = done.times;
  result.summary = env_.release.app + " " + watched_.move.version + " " + done.message + "\n" + result.summary;
  page(env_, "watch-rollback-ended", "Rollback of " + watched_.move.version, done.message);
  return result;
}

StepResult Watch::hand_over() {
  const std::string what = fmt::format("{} is unhealthy and still live: {}", watched_.move.version, look_.reason);
  const std::string way = "Roll back now: " + rollback_command(watched_, look_.reason);
  page(env_, "watch-unhealthy", what, way);
  auto result = leave(Verdict::stop);
  result.summary = what + "\n" + way + "\n" + result.summary;
  result.recovery = {way, "Check health, error rate and latency for 5 minutes after it"};
  return result;
}

StepResult Watch::leave(Verdict verdict) {
  StepResult result{.verdict = verdict, .findings = look_.findings, .state = state()};
  add_decisions(result.findings, warnings_.all(), now_);
  for (auto& remark : way_back_.remarks()) result.findings.push_back(std::move(remark));
  if (verdict == Verdict::unknown)
    page(env_, "watch-unjudged", watched_.move.version + " is live, and nobody could judge it to the end",
         look_.reason.empty() ? "too little of the window was seen" : look_.reason);
  write_report(result);
  if (verdict != Verdict::again || mode_ == Mode::run) sight_.write_points();
  result.evidence = taken_evidence(env_.dir, watched_.move.digest);
  return result;
}

StepResult Watch::leave_again() {
  auto result = leave(Verdict::again);
  result.run_again_at = std::min(phases_.next_look(now_), warnings_.next_deadline(now_).value_or(Time::max()));
  // While the window is open a deadline means "come again", not an end of its own.
  if (env_.deadline && env_.clock.now() >= *env_.deadline) result.code = ExitCode::again;
  return result;
}

void Watch::write_report(StepResult& result) {
  result.summary = to_markdown(monitoring_report({.version = watched_.move.version,
                                                  .head = head_of(env_, phases_.start, judged_end()),
                                                  .phases = phases_,
                                                  .baseline = watched_.baseline,
                                                  .session = sight_.session(),
                                                  .look = look_,
                                                  .warnings = warnings_.all(),
                                                  .now = now_,
                                                  .coverage = sight_.coverage(judged_end()),
                                                  .way_back = way_back_.lines(),
                                                  .without_metrics = sight_.without_metrics()}));
  if (env_.is_dry_run()) return;
  const auto file = env_.dir / fmt::format("monitoring-report-{}.md", watched_.move.version);
  write_file(inside(env_.dir, file), result.summary);
  result.artifacts.push_back(file);
}

StepResult watch_in(Env& env, Mode mode) {
  Watched watched(env);
  try {
    return watched.superseded ? superseded(watched) : Watch(watched, mode).hold();
  } catch (const Error& error) {
    if (!is_overtaken(watched, error)) throw;
    return superseded(watched);
  }
}

}  // namespace

StepResult run(Env& env) { return watch_in(env, Mode::run); }

StepResult tick(Env& env) { return watch_in(env, Mode::tick); }

}  // namespace baton::watch
