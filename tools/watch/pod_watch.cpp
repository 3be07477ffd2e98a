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
constexpr std::string_view kOver = "earlier, over by now: ";
constexpr Duration kNextPods = std::chrono::minutes(1);  // of a large fleet it is megabytes

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

/// What pods warn of is the reason where nothing worse is known.
void warn_by(judge::Look& look, const std::vector<Finding>& findings) {
  const bool is_open = look.state == judge::State::healthy || look.state == judge::State::inconclusive;
  const auto warning = std::ranges::find_if(findings, [](const Finding& finding) {
    return finding.outcome == Outcome::warn && !finding.message.starts_with(kOver);
  });
  if (!is_open || warning == findings.end()) return;
  look.state = judge::State::warning;
  look.reason = warning->message;
}

/// A crash is the reason, but for a breach that the metrics show; one that is nobody's fault leaves nothing to say.
void fail_by(judge::Look& look, const Finding& crash) {
  const bool is_known = crash.outcome == Outcome::fail || crash.outcome == Outcome::unknown;
  if (!is_known || look.state == judge::State::critical) return;
  look.state = crash.outcome == Outcome::fail ? judge::State::critical : judge::State::blind;
  look.reason = crash.message;
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
  for (const auto& [id, message] : watched.env.resumed->state["pods_warned"].members_or_none())
    warned_[id] = message.string_or("");
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
  const auto pods = rollout::ready_pods(context, *found);
  const auto answers = rollout::smoke(context, rollout::find_service(context), pods);
  const bool fails_too = std::ranges::any_of(answers, [](const auto& one) { return one.outcome == Outcome::fail; });
  return fails_too ? ", and '" + old + "' fails its smoke tests too" : "";
}

std::vector<Finding> PodWatch::findings(const std::string& crash) const {
  return {finding_of("pods-healthy", "No pod crashes", true, crash),
          finding_of("few-restarts", "The pods are not restarted", false, monitor_.restarts()),
          finding_of("pods-ready", "All pods are ready", false, monitor_.unready())};
}

void PodWatch::remember(std::vector<Finding>& findings) {
  for (auto& finding : findings) {
    if (finding.outcome == Outcome::warn) {
      warned_[finding.id] = finding.message;
    } else if (const auto known = warned_.find(finding.id); known != warned_.end()) {
      finding.outcome = Outcome::warn;
      finding.message = std::string(kOver) + known->second;
    }
  }
}

void PodWatch::add_to(judge::Look& look) {
  try {
    const Duration now = watched_.env.clock.monotonic();
    if (seen_.empty() || now - seen_at_ >= kNextPods) {
      seen_ = findings(monitor_.look());
      remember(seen_);
      seen_at_ = now;
    }
    auto seen = seen_;
    auto& crash = seen.front();
    const auto excuse = crash.outcome == Outcome::fail ? this->excuse(/*is_smoke=*/false) : "";
    if (!excuse.empty()) {
      crash.outcome = Outcome::unknown;
      crash.message += excuse;
    }
    fail_by(look, crash);
    warn_by(look, seen);
    look.findings.insert(look.findings.end(), seen.begin(), seen.end());
  } catch (const Error& error) {
    if (error.code() != ExitCode::unknown) throw;
    seen_.clear();
  }
}

std::string PodWatch::own_trouble() {
  try {
    monitor_.look();
    if (!monitor_.unready().empty()) return monitor_.unready();
    auto failing = smoke();
    return failing.empty() || !excuse(/*is_smoke=*/true).empty() ? "" : failing;
  } catch (const Error& error) {
    if (error.code() != ExitCode::unknown) throw;
    return "";
  }
}

judge::Look PodWatch::concluded(const std::string& pods, const std::string& smoke) {
  judge::Look look{.state = judge::State::inconclusive,
                   .reason = "no metrics are judged, " + why_ + ": only readiness, restarts and smoke are watched"};
  look.findings = findings(pods);
  look.findings.push_back(finding_of("smoke-answers", "Smoke tests keep passing", true, smoke));
  if (watched_.env.config.rollout().smoke.empty()) {
    look.findings.back().outcome = Outcome::skipped;
    look.findings.back().message = "no switch.smoke is configured";
  }
  look.findings.push_back({.id = "metrics-judged",
                           .sop = "3",
                           .title = "Metrics were judged",
                           .outcome = Outcome::skipped,
                           .message = why_});
  warn_by(look, look.findings);
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

Json PodWatch::warned() const {
  Json json = Json::object();
  for (const auto& [id, message] : warned_) json[id] = message;
  return json;
}

Json PodWatch::memory() const {
  return json_list(std::vector(looked_.begin(), looked_.end()), [](Time at) { return Json(to_rfc3339(at)); });
}

}  // namespace baton::watch
