// The soak.
#include "tools/switch/soak.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "common/core/text.h"
#include "common/rollout/waiting.h"
#include "tools/switch/vigil.h"

namespace baton::cutover {
namespace {

using namespace std::chrono_literals;

// Between the steps of the metrics pods are looked at this often: readiness is lost faster than rates show it.
constexpr Duration kPodLook = 1s;

class Soak {
 public:
  Soak(Passage& passage, rollout::Lease& lease, Course& course)
      : passage_(passage),
        lease_(lease),
        course_(course),
        vigil_(passage, course.move),
        proved_(course.move.proved_at.value_or(passage.env.clock.now())),
        session_(passage.env.config, course.baseline.value_or(judge::Baseline{}),
                 scope_of(passage, course.move, Side::after), course.move.patched_at.value_or(proved_)) {}

  Soaked watch() {
    const auto soak = passage_.env.config.rollout.soak;
    for (;;) {
      lease_.check();
      auto seen = vigil_.look();
      if (seen.empty()) seen = passage_.store ? judge() : smoke();
      if (!seen.empty()) return {.state = Soaked::State::unhealthy, .reason = seen};
      if (const auto ended = end(elapsed(), soak)) return *ended;
      pause(soak);
    }
  }

  void keep_findings() {
    course_.judged = look_.findings;
    course_.onset = look_.onset;
    if (passage_.store) course_.session = session_.memory();
  }

 private:
  Duration elapsed() const { return passage_.env.clock.now() - proved_; }

  std::string judge() {
    session_.include_pods(vigil_.pods());
    const auto before = look_.state;
    look_ = session_.look(*passage_.store, passage_.env.clock.now(), passage_.env.stop);
    if (look_.state == judge::State::blind && before != judge::State::blind)
      passage_.env.log.warning("held: " + look_.reason);
    return look_.state == judge::State::critical ? look_.reason : "";
  }

  /// Without metrics at every step, as the metrics would be.
  std::string smoke() {
    const auto now = passage_.env.clock.monotonic();
    if (now < next_smoke_) return "";
    next_smoke_ = now + passage_.env.config.watch.step;
    return vigil_.smoke();
  }

  std::optional<Soaked> end(Duration lasted, Duration soak) {
    if (lasted < soak) return std::nullopt;
    if (!passage_.store) {
      return Soaked{.state = Soaked::State::caution,
                    .reason = "no metrics are configured: only readiness and smoke were watched"};
    }
    if (is_judged(soak)) return judged();
    if (lasted < std::max(soak, passage_.env.config.rollout.soak_max)) return std::nullopt;
    if (look_.state == judge::State::inconclusive)
      return Soaked{.state = Soaked::State::caution, .reason = look_.reason};
    return Soaked{.state = Soaked::State::unknown,
                  .reason = look_.reason.empty() ? "the newest metrics did not come" : look_.reason};
  }

  bool is_judged(Duration soak) const {
    const bool is_seen = look_.state == judge::State::healthy || look_.state == judge::State::warning;
    return is_seen && look_.judged_until + passage_.env.config.watch.step >= proved_ + soak;
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

  void pause(Duration soak) {
    const auto limit = elapsed() < soak ? soak : passage_.env.config.rollout.soak_max;
    passage_.context.progress(fmt::format("{} to stay healthy", course_.move.deployment), elapsed(), limit);
    if (!passage_.env.clock.sleep_for(std::min<Duration>(kPodLook, passage_.env.config.watch.step),
                                      passage_.env.stop)) {
      rollout::require_running(passage_.context);
    }
  }

  Passage& passage_;
  rollout::Lease& lease_;
  Course& course_;
  Vigil vigil_;
  Time proved_;
  judge::Session session_;
  judge::Look look_ = {};
  Duration next_smoke_{0};
};

struct Meaning {
  Soaked::State state;
  Outcome outcome;
  bool critical;
};

constexpr std::array kMeanings = {
    Meaning{Soaked::State::healthy, Outcome::pass, false}, Meaning{Soaked::State::caution, Outcome::unknown, false},
    Meaning{Soaked::State::unknown, Outcome::unknown, true}, Meaning{Soaked::State::unhealthy, Outcome::fail, true}};

Finding finding_of(const Soaked& soaked, Duration soak) {
  Finding finding{.id = "soak", .sop = "2c.4", .title = "The new colour stayed healthy", .expected = to_words(soak)};
  finding.message = soaked.reason;
  const auto& meaning = *std::ranges::find(kMeanings, soaked.state, &Meaning::state);
  finding.outcome = meaning.outcome;
  finding.critical = meaning.critical;
  return finding;
}

}  // namespace

Soaked soak(Passage& passage, rollout::Lease& lease, Course& course) {
  Soak watching(passage, lease, course);
  auto soaked = watching.watch();
  course.findings.push_back(finding_of(soaked, passage.env.config.rollout.soak));
  watching.keep_findings();
  return soaked;
}

}  // namespace baton::cutover
