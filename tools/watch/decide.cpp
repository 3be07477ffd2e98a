// From a look to an action.
#include "tools/watch/decide.h"

#include <fmt/format.h>

#include <algorithm>

#include "common/config/sections/run.h"
#include "common/config/sections/watch.h"
#include "common/judge/coverage.h"
#include "common/judge/scrapes.h"

namespace baton::watch {

Action decide(const judge::Look& look, Phase phase, const Config& config) {
  if (look.state == judge::State::critical) {
    const bool ours =
        phase == Phase::intensive ? config.watch().automatic_rollback : config.watch().automatic_after_intensive;
    return ours && !config.run().observe ? Action::roll_back : Action::ask_person;
  }
  return phase == Phase::over ? Action::finish : Action::go_on;
}

void confirm_drop(judge::Look& look, const judge::Memory& seen, const std::function<std::string()>& own_trouble) {
  constexpr std::string_view kDrop = "request-drop-warning";
  const auto holds = [&](std::string_view rule) { return std::ranges::find(look.warned, rule) != look.warned.end(); };
  if (look.state == judge::State::critical || !holds(kDrop)) return;
  const auto why = holds("error-rate-warning") ? "more of them fail than before the switch" : own_trouble();
  if (why.empty()) return;
  auto& drop = *std::ranges::find(look.findings, kDrop, &Finding::id);
  drop.critical = true;
  drop.outcome = Outcome::fail;
  drop.message += ", and " + why;
  look.state = judge::State::critical;
  look.reason = fmt::format("requests of all colours: {}; expected {}", drop.message, drop.expected.text());
  look.breached.emplace_back(kDrop);
  look.onset = seen.conditions.at(std::string(kDrop)).since;
}

Verdict verdict_at_end(const judge::Look& look, const judge::Session& session, double coverage, bool is_in_doubt) {
  const bool open = std::ranges::any_of(
      look.findings, [](const Finding& finding) { return finding.critical && finding.outcome == Outcome::unknown; });
  if (coverage < judge::kMinCoverage || open) return Verdict::unknown;
  const bool left_out = std::ranges::any_of(look.findings, [](const Finding& finding) {
    return finding.critical && finding.outcome == Outcome::skipped && !finding.settled;
  });
  const bool warned = std::ranges::find(look.findings, Outcome::warn, &Finding::outcome) != look.findings.end();
  const bool clean =
      look.state == judge::State::healthy && session.seen().breaches.empty() && !warned && !left_out && !is_in_doubt;
  return clean ? Verdict::proceed : Verdict::caution;
}

bool can_reach_coverage(const judge::Session& session, const Phases& phases, Duration step, Time now) {
  const double window = static_cast<double>((phases.end() - phases.start) / step + 1);
  // What is late may still come.
  const Time seen = session.seen().judged_until.value_or(phases.start);
  const Time from = now - seen <= judge::kLatestSample ? std::min(seen, now) : now;
  const double ahead = static_cast<double>(std::max<Duration>(phases.end() - from, Duration{0}) / step + 1);
  return 100 * (static_cast<double>(session.seen().samples) + ahead) / window >= judge::kMinCoverage;
}

}  // namespace baton::watch
