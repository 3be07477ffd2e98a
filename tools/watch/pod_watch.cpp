// Looks at pods instead of metrics.
#include "tools/watch/pod_watch.h"

#include <algorithm>

#include "common/rollout/live.h"
#include "common/rollout/serving.h"
#include "common/rollout/smoke.h"
#include "common/step/connect.h"

namespace baton::watch {
namespace {

constexpr Duration kNextSmoke = std::chrono::seconds(2);

Finding finding_of(std::string id, std::string title, bool critical, const std::string& trouble) {
  return {.id = std::move(id),
          .sop = "3",
          .title = std::move(title),
          .critical = critical,
          .outcome = trouble.empty() ? Outcome::pass
                     : critical      ? Outcome::fail
                                     : Outcome::warn,
          .message = trouble};
}

/// Stretches of `every` that begin between `from` and `until`.
long long stretches(Time from, Time until, Duration every) {
  return until <= from ? 0 : (until - from + every - Duration{1}) / every;
}

}  // namespace

PodWatch::PodWatch(Watched& watched, const Phases& phases)
    : watched_(watched),
      phases_(phases),
      why_(reason_without_metrics(watched.env)),
      monitor_(watched.context, watched.move,
               watched.is_recorded ? rollout::RestartsFrom::birth : rollout::RestartsFrom::first_look) {
  if (const auto* soaked = find_step(watched.env.earlier, "switch"); soaked != nullptr) {
    for (Time at = phases_.start; at < std::min(soaked->finished_at, phases_.end()); at += phases_.config.step)
      looked_.insert(stretch_of(at));
  }
  if (!watched.env.resumed) return;
  for (const auto& time : watched.env.resumed->state["looked_at"].items_or_none()) {
    if (const auto at = parse_rfc3339(time.string_or(""))) looked_.insert(stretch_of(*at));
  }
}

/// Again at once while an entry fails: three in a row decide, also in a tick.
std::string PodWatch::smoke() {
  auto seen = monitor_.smoke();
  while (seen.empty() && monitor_.is_smoke_open()) {
    if (!watched_.env.clock.sleep_for(kNextSmoke, watched_.env.stop)) break;
    seen = monitor_.smoke();
  }
  return seen;
}

std::string PodWatch::excuse(bool is_smoke) {
  auto& context = watched_.context;
  const auto& old = watched_.move.previous_deployment;
  if (old.empty()) return "";
  if (rollout::suffers_too(context, watched_.move)) return ", and '" + old + "' has no ready pod either";
  const auto found = is_smoke ? context.kube.find(kube::kDeployments, old, context.stop) : std::nullopt;
  if (!found) return "";
  const auto pods = rollout::ready_pods(rollout::owned_pods(context, *found));
  const auto answers = rollout::smoke(context, rollout::find_service(context), pods);
  const bool fails_too = std::ranges::any_of(answers, [](const auto& one) { return one.outcome == Outcome::fail; });
  return fails_too ? ", and '" + old + "' fails its smoke tests too" : "";
}

judge::Look PodWatch::concluded(const std::string& pods, const std::string& smoke) {
  judge::Look look{.state = judge::State::inconclusive,
                   .reason = "no metrics are judged, " + why_ + ": only readiness, restarts and smoke are watched"};
  const auto restarts = monitor_.restarts();
  look.findings = {finding_of("pods-healthy", "No pod crashes", true, pods),
                   finding_of("smoke-answers", "Smoke tests keep passing", true, smoke),
                   finding_of("few-restarts", "The pods are not restarted", false, restarts),
                   {.id = "metrics-judged",
                    .sop = "3",
                    .title = "Metrics were judged",
                    .outcome = Outcome::skipped,
                    .message = why_}};
  if (watched_.env.config.rollout().smoke.empty()) {
    look.findings[1].outcome = Outcome::skipped;
    look.findings[1].message = "no switch.smoke is configured";
  }
  if (!restarts.empty()) {
    look.state = judge::State::warning;
    look.reason = restarts;
  }
  const auto& trouble = pods.empty() ? smoke : pods;
  if (trouble.empty()) return look;
  const auto excuse = this->excuse(/*is_smoke=*/pods.empty());
  look.state = excuse.empty() ? judge::State::critical : judge::State::blind;
  look.reason = trouble + excuse;
  for (auto& finding : look.findings) {
    if (!excuse.empty() && finding.outcome == Outcome::fail) finding.outcome = Outcome::unknown;
  }
  return look;
}

judge::Look PodWatch::look(Time now) {
  judge::Look look;
  try {
    const auto pods = monitor_.look();
    look = concluded(pods, pods.empty() ? smoke() : "");
    looked_.insert(stretch_of(now));
  } catch (const Error& error) {
    if (error.code() != ExitCode::unknown) throw;
    look.reason = std::string("the pods cannot be asked for: ") + error.what();
    look.findings = {
        {.id = "pods-healthy", .sop = "3", .title = "No pod crashes", .critical = true, .message = look.reason}};
  }
  look.judged_until = now;
  return look;
}

Time PodWatch::stretch_of(Time at) const {
  const auto within = std::clamp<Time>(at, phases_.start, phases_.end() - Duration{1});
  const bool is_intensive = within < phases_.intensive_end();
  const auto& phase = is_intensive ? phases_.config.intensive : phases_.config.passive;
  const Time from = is_intensive ? phases_.start : phases_.intensive_end();
  return from + (within - from) / phase.every * phase.every;
}

double PodWatch::coverage(Time until) const {
  const auto& [intensive, passive] = std::pair(phases_.config.intensive, phases_.config.passive);
  const auto expected = stretches(phases_.start, std::min(until, phases_.intensive_end()), intensive.every) +
                        stretches(phases_.intensive_end(), until, passive.every);
  if (expected == 0) return 0;
  const auto made = std::ranges::count_if(looked_, [&](Time at) { return at < until; });
  return 100.0 * static_cast<double>(made) / static_cast<double>(expected);
}

Json PodWatch::memory() const {
  return json_list(std::vector(looked_.begin(), looked_.end()), [](Time at) { return Json(to_rfc3339(at)); });
}

}  // namespace baton::watch
