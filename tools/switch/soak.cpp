// The soak.
#include "tools/switch/soak.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "common/config/sections/switch.h"
#include "common/config/sections/watch.h"
#include "common/core/text.h"
#include "common/io/wait.h"
#include "common/judge/session.h"
#include "common/rollback/scope.h"
#include "common/rollout/pod_monitor.h"
#include "common/rollout/serving.h"
#include "common/rollout/swap.h"
#include "common/step/announce.h"
#include "common/step/connect.h"
#include "tools/switch/baseline.h"
#include "tools/switch/traffic.h"

namespace baton::cutover {
namespace {

using namespace std::chrono_literals;

// Between the steps of the metrics pods are looked at this often: readiness is lost faster than rates show it.
constexpr Duration kPodLook = 1s;
constexpr int kLeastLooks = 3;

class Soak {
 public:
  Soak(World& world, rollout::Lease& lease, Attempt& attempt, const Stage& stage, const std::function<bool()>& goes_on)
      : world_(world),
        lease_(lease),
        attempt_(attempt),
        stage_(stage),
        goes_on_(goes_on),
        monitor_(world.context, attempt.move),
        proved_(
            (stage.share == kAll ? attempt.move.proved_at : attempt.move.shared_at).value_or(world.env.clock.now())),
        session_(rollback::criteria_for(world.env.config, attempt.baseline.value_or(judge::Baseline{})),
                 rollback::scope_of(world.context, attempt.move, rollback::Side::after),
                 attempt.move.patched_at.value_or(proved_)) {}

  Soaked watch() {
    for (;;) {
      lease_.check();
      auto seen = look_at_pods();
      if (seen.empty()) seen = world_.store ? judge() : smoke();
      if (seen.empty()) seen = ask_public();
      if (!seen.empty()) return {.state = Soaked::State::unhealthy, .reason = seen};
      if (const auto ended = end(elapsed())) return *ended;
      pause();
    }
  }

  /// What a canary that stayed healthy was held against.
  std::string compared_with() const {
    if (stage_.share == kAll || !world_.store) return "";
    if (controls_.empty())
      return "compared with the time before the move: no pod of the old release as young answered enough requests";
    return fmt::format("compared with '{}' of the old release, as young as it", join(controls_, "', '"));
  }

  void keep_findings() {
    attempt_.judged = look_.findings;
    attempt_.onset = look_.onset;
    if (world_.store) attempt_.session = session_.memory();
  }

 private:
  Duration elapsed() const { return world_.env.clock.now() - proved_; }

  /// Why the pods make the colour unhealthy. An API server that is away is held against nobody: the metrics go on
  /// telling, as long as the Lease is ours. Neither is what takes both colours' pods. Throws Error{handoff} when the
  /// Service selects something else by now.
  std::string look_at_pods() {
    try {
      rollout::require_moved(world_.context, attempt_.move);
      auto seen = monitor_.look();
      if (seen.empty()) seen = monitor_.restarts();
      const bool is_nobodys_fault = monitor_.has_lost_all() && rollout::suffers_too(world_.context, attempt_.move);
      hold(is_nobodys_fault ? seen + ", and none of '" + attempt_.move.previous_deployment + "' either" : "");
      return is_nobodys_fault ? "" : seen;
    } catch (const Error& error) {
      if (error.code() != ExitCode::unknown) throw;
      hold(std::string("the cluster cannot be asked: ") + error.what());
      return "";
    }
  }

  /// Says once what is waited out; empty: nothing any more.
  void hold(const std::string& why) {
    if (why == held_) return;
    held_ = why;
    if (held_.empty()) return;
    world_.env.log.warning("held: " + held_);
    page(world_.env, "switch-held", attempt_.move.version + " serves and cannot be judged", held_);
  }

  /// A canary's control is asked until it has seen enough, and from time to time again.
  void compare() {
    const auto now = world_.env.clock.monotonic();
    if (stage_.share == kAll || now < next_comparison_) return;
    const Duration step = world_.env.config.watch().step;
    next_comparison_ = now + step;
    const auto control = control_for(world_, attempt_.move, attempt_.move.patched_at.value_or(proved_));
    if (!control || !session_.compare_with(*control)) return;
    controls_ = control->pods;
    next_comparison_ = now + std::max<Duration>(step, stage_.hold / 10);
  }

  std::string judge() {
    session_.include_pods(monitor_.pods());
    compare();
    const bool was_blind = looks_ > 0 && look_.state == judge::State::blind;
    look_ = session_.look(*world_.store, world_.env.clock.now(), world_.env.stop);
    if (look_.state == judge::State::blind && !was_blind) world_.env.log.warning("held: " + look_.reason);
    return look_.state == judge::State::critical ? look_.reason : "";
  }

  /// Without metrics at every step, as the metrics would be.
  std::string smoke() {
    const auto now = world_.env.clock.monotonic();
    if (now < next_smoke_ || !held_.empty()) return "";
    next_smoke_ = now + world_.env.config.watch().step;
    return monitor_.smoke();
  }

  /// At every step of the metrics, once all of the traffic has gone over; not while the cluster cannot be compared
  /// with.
  std::string ask_public() {
    const auto now = world_.env.clock.monotonic();
    if (stage_.share < kAll || now < next_public_ || !held_.empty()) return "";
    next_public_ = now + world_.env.config.watch().step;
    return public_smoke_of(world_, attempt_).look(attempt_.move);
  }

  std::optional<Soaked> end(Duration lasted) {
    // One that is taken up long afterwards is still looked at.
    if (++looks_ < kLeastLooks) return std::nullopt;
    auto ended = end_by_time(lasted);
    if (!ended) return std::nullopt;
    // However little a single look could tell: what failed this much is not left with the users.
    if (const auto share = session_.critical_share(); !share.empty())
      return Soaked{.state = Soaked::State::unhealthy, .reason = share};
    if (!held_.empty() && ended->state != Soaked::State::unhealthy)
      return Soaked{.state = Soaked::State::unknown, .reason = held_};
    const bool is_well = ended->state == Soaked::State::healthy || ended->state == Soaked::State::caution;
    if (is_well && goes_on_ && goes_on_()) return std::nullopt;
    return ended;
  }

  std::optional<Soaked> end_by_time(Duration lasted) {
    if (lasted < stage_.hold) return std::nullopt;
    if (!held_.empty() && lasted < stage_.hold_max) return std::nullopt;
    if (!world_.store) {
      const auto why = reason_without_metrics(world_.env);
      return Soaked{.state = Soaked::State::caution,
                    .reason = fmt::format("{}: only readiness, restarts and smoke were watched",
                                          why.empty() ? "no metrics are configured" : "no metrics are judged, " + why)};
    }
    if (is_judged()) return judged();
    if (lasted < stage_.hold_max) return std::nullopt;
    if (look_.state == judge::State::inconclusive)
      return Soaked{.state = Soaked::State::caution, .reason = look_.reason};
    return Soaked{.state = Soaked::State::unknown,
                  .reason = look_.reason.empty() ? "the newest metrics did not come" : look_.reason};
  }

  bool is_judged() const {
    const bool is_seen = look_.state == judge::State::healthy || look_.state == judge::State::warning;
    return is_seen && look_.judged_until + world_.env.config.watch().step >= proved_ + stage_.hold;
  }

  Soaked judged() {
    const auto warnings = session_.warnings_throughout(proved_);
    if (!warnings.empty()) {
      return {.state = Soaked::State::unhealthy,
              .reason = fmt::format("true through the whole soak: {}", join(warnings, ", "))};
    }
    if (look_.state == judge::State::warning) return {.state = Soaked::State::caution, .reason = look_.reason};
    return {};
  }

  void pause() {
    const auto limit = elapsed() < stage_.hold ? stage_.hold : stage_.hold_max;
    world_.context.progress(fmt::format("{} to stay healthy", attempt_.move.deployment), elapsed(), limit);
    if (!world_.env.clock.sleep_for(std::min<Duration>(kPodLook, world_.env.config.watch().step), world_.env.stop)) {
      require_running(world_.env.stop);
    }
  }

  World& world_;
  rollout::Lease& lease_;
  Attempt& attempt_;
  const Stage& stage_;
  const std::function<bool()>& goes_on_;
  rollout::PodMonitor monitor_;
  Time proved_;
  judge::Session session_;
  judge::Look look_ = {};
  std::vector<std::string> controls_ = {};  ///< the pods of a canary's control that it was compared with
  Duration next_comparison_{0};
  Duration next_smoke_{0};
  Duration next_public_{0};
  int looks_ = 0;
  std::string held_ = {};  ///< why nobody can tell at present whether its pods are well
};

struct Meaning {
  Soaked::State state;
  Outcome outcome;
  bool critical;
};

constexpr std::array kMeanings = {
    Meaning{Soaked::State::healthy, Outcome::pass, false}, Meaning{Soaked::State::caution, Outcome::unknown, false},
    Meaning{Soaked::State::unknown, Outcome::unknown, true}, Meaning{Soaked::State::unhealthy, Outcome::fail, true}};

Finding finding_of(const Soaked& soaked, const Stage& stage) {
  const bool is_last = stage.share == kAll;
  Finding finding{.id = is_last ? "soak" : "canary-held",
                  .sop = is_last ? "2c.4" : "2c",
                  .title = is_last ? "The new colour stayed healthy"
                                   : fmt::format("The new colour stayed healthy with {} of the traffic", stage.name),
                  .expected = "healthy for " + to_words(stage.hold)};
  finding.message = soaked.reason;
  const auto& meaning = *std::ranges::find(kMeanings, soaked.state, &Meaning::state);
  finding.outcome = meaning.outcome;
  finding.critical = meaning.critical;
  return finding;
}

}  // namespace

Soaked soak(World& world, rollout::Lease& lease, Attempt& attempt, const Stage& stage,
            const std::function<bool()>& goes_on) {
  Soak watching(world, lease, attempt, stage, goes_on);
  auto soaked = watching.watch();
  attempt.findings.push_back(finding_of(soaked, stage));
  if (soaked.state == Soaked::State::healthy) attempt.findings.back().message = watching.compared_with();
  watching.keep_findings();
  return soaked;
}

}  // namespace baton::cutover
