// The findings of a look, and the state they add up to.
#include "common/judge/verdict.h"

#include <fmt/format.h>

#include <algorithm>

#include "common/core/text.h"
#include "common/judge/active_rule.h"
#include "common/judge/own_query.h"

namespace baton::judge {
namespace {

/// A rule, and how it stands at the newest point.
struct Standing {
  ActiveRule active;
  Condition condition = {};
  bool holds = false;

  const Rule& rule() const { return active.rule(); }
};

Standing standing_of(const Rule& rule, const Criteria& criteria, const Memory& memory) {
  Standing standing{.active = ActiveRule(rule, criteria)};
  if (const auto known = memory.conditions.find(rule.id); known != memory.conditions.end())
    standing.condition = known->second;
  standing.holds = memory.judged_until && standing.active.holds(standing.condition, *memory.judged_until);
  return standing;
}

/// The newest breach of the rule; null: there was none.
const Breach* last_breach(const Memory& memory, const Rule& rule) {
  const auto breach = std::find_if(memory.breaches.rbegin(), memory.breaches.rend(),
                                   [&](const Breach& known) { return known.rule == rule.id; });
  return breach == memory.breaches.rend() ? nullptr : &*breach;
}

/// `holds` is about now; a breach that is over still shows (decisions 36).
Outcome outcome_of(const Standing& standing, const Memory& memory) {
  if (standing.holds) return standing.rule().is_critical() ? Outcome::fail : Outcome::warn;
  if (last_breach(memory, standing.rule()) != nullptr) return Outcome::warn;
  return standing.condition.known == 0 ? Outcome::unknown : Outcome::pass;
}

std::string message_of(const Standing& standing, const Memory& memory) {
  const Condition& condition = standing.condition;
  const Metric& metric = standing.rule().metric;
  if (standing.holds)
    return fmt::format("{} since {}", measured(metric, condition.observed).text(), to_rfc3339(*condition.since));
  if (const auto* breach = last_breach(memory, standing.rule())) {
    return fmt::format("{} from {} to {}, over since", measured(metric, breach->worst).text(), to_rfc3339(breach->from),
                       to_rfc3339(breach->to));
  }
  if (condition.known == 0 && condition.why.empty()) return "nothing was judged yet";
  return condition.why;
}

Finding finding_of(const Standing& standing, const Memory& memory) {
  const Rule& rule = standing.rule();
  Finding finding{.id = rule.id,
                  .sop = std::string(rule.row.sop),
                  .title = std::string(rule.row.title),
                  .critical = rule.is_critical(),
                  .outcome = Outcome::skipped,
                  .expected = standing.active.expected(memory)};
  if (const auto* reason = standing.active.not_applicable()) {
    finding.settled = true;
    finding.message = "not applicable: " + *reason;
  }
  if (finding.message.empty()) finding.message = standing.active.only_warns();
  if (!standing.active.is_judged()) return finding;
  finding.outcome = outcome_of(standing, memory);
  finding.message = message_of(standing, memory);
  if (const auto figures = memory.figures.find(std::string(rule.metric.id)); figures != memory.figures.end()) {
    finding.observed = measured(rule.metric, standing.holds ? standing.condition.observed : figures->second.mean());
  }
  return finding;
}

bool enough_requests(const Criteria& criteria, const Memory& memory) {
  if (criteria.reason_against(kErrorRate.id) != nullptr || is_single(kErrorRate, criteria.own())) return true;
  const auto limit = find_rule("error-rate-critical")->limit(criteria.config);
  const Counts before = before_switch(criteria.baseline);
  const double points = limit ? limit->threshold(before.percent()) - before.percent() : 5;
  return memory.total.requests >= requests_needed(before, points, normal_quantile(1 - kLookAlpha));
}

bool is_older(const std::optional<Time>& known, const std::optional<Time>& other) {
  return !other || (known && *known < *other);
}

int rank(const Finding& finding) {
  switch (finding.outcome) {
    case Outcome::fail:
      return 0;
    case Outcome::unknown:
      return 1;
    case Outcome::warn:
      return 2;
    case Outcome::pass:
      return 3;
    case Outcome::skipped:
      return 4;
  }
  return 5;
}

std::string reason_of(const Finding& finding) {
  return fmt::format("{}: {}; expected {}", to_lower(finding.title), finding.message, finding.expected.text());
}

/// A handful of pods stands in the query, which can be asked as it is; many stand once, beside the queries.
PodNames names_of(const Scope& scope) {
  constexpr std::size_t kFitIntoALine = 300;
  return pods_regex(scope.pods).size() > kFitIntoALine ? PodNames::left_open : PodNames::filled_in;
}

/// Findings, the critical rules that hold, and since when. The worst finding comes first; within one outcome the
/// table's order stays.
Look look_of(const std::vector<Standing>& standings, const Criteria& criteria, const Scope& scope,
             const Memory& memory) {
  Look look{.state = State::inconclusive, .requests = memory.total.requests};
  if (memory.judged_until) look.judged_until = *memory.judged_until;
  const auto terms = terms_for(criteria.config, scope, criteria.baseline, names_of(scope));
  for (const auto& standing : standings) {
    look.findings.push_back(finding_of(standing, memory));
    if (standing.active.is_judged()) look.findings.back().query = query_of(standing.rule().metric, terms);
    if (standing.holds && !standing.rule().is_critical()) look.warned.push_back(standing.rule().id);
    if (look.findings.back().outcome != Outcome::fail) continue;
    look.breached.push_back(standing.rule().id);
    if (is_older(standing.condition.since, look.onset)) look.onset = standing.condition.since;
  }
  std::ranges::stable_sort(look.findings, {}, rank);
  return look;
}

std::vector<Standing> standings_of(const Criteria& criteria, const Memory& memory) {
  std::vector<Standing> standings;
  for (const auto& rule : rules()) standings.push_back(standing_of(rule, criteria, memory));
  return standings;
}

/// The first critical rule that never had anything to look at: no baseline, no series.
const Finding* unseen(const Look& look) {
  const auto found = std::ranges::find_if(
      look.findings, [](const Finding& finding) { return finding.critical && finding.outcome == Outcome::unknown; });
  return found == look.findings.end() ? nullptr : &*found;
}

std::string name_of_requests(const Criteria& criteria) {
  if (criteria.own().contains(kErrorRate.id)) return "watch.metrics.error_rate";
  return criteria.baseline.source ? criteria.baseline.source->counter : "http_requests_total";
}

/// Why nobody can see how it does; empty: it was seen, or nothing was asked yet. Without traffic the series still
/// stand.
std::string absence(const Criteria& criteria, const Memory& memory) {
  if (!memory.judged_until) return "";
  const bool is_counted =
      memory.figures.contains(std::string(kRequestRate.id)) || memory.figures.contains(std::string(kErrorRate.id));
  if (criteria.reason_against(kErrorRate.id) == nullptr && !is_counted) return nothing_seen(criteria);
  if (!memory.gaps.empty() && memory.gaps.back().second == *memory.judged_until)
    return fmt::format("no new sample of it since {}: is it scraped?", to_rfc3339(memory.gaps.back().first));
  return "";
}

struct Conclusion {
  State state = State::healthy;
  std::string reason = {};
};

Conclusion conclusion_of(const Look& look, const Criteria& criteria, const Memory& memory) {
  if (!look.breached.empty()) return {State::critical, reason_of(look.findings.front())};
  if (!look.warned.empty()) {
    const auto warning = std::ranges::find(look.findings, Outcome::warn, &Finding::outcome);
    return {State::warning, warning == look.findings.end() ? "" : reason_of(*warning)};
  }
  if (const auto why = absence(criteria, memory); !why.empty()) return {State::blind, why};
  if (!enough_requests(criteria, memory)) {
    if (memory.total.requests == 0) return {State::inconclusive, "no traffic: no request came to judge by"};
    return {State::inconclusive,
            fmt::format("{:.0f} requests so far are too few to judge the error rate", memory.total.requests)};
  }
  if (const auto* finding = unseen(look)) {
    const auto condition = memory.conditions.find(finding->id);
    const bool is_too_little = condition != memory.conditions.end() && condition->second.is_too_little;
    return {is_too_little ? State::inconclusive : State::blind, reason_of(*finding)};
  }
  return {};
}

}  // namespace

std::string nothing_seen(const Criteria& criteria) {
  return fmt::format("no series of {} counts its requests and says how they ended: is it scraped?",
                     name_of_requests(criteria));
}

Look conclude(const Criteria& criteria, const Scope& scope, const Memory& memory) {
  const auto standings = standings_of(criteria, memory);
  Look look = look_of(standings, criteria, scope, memory);
  auto [state, reason] = conclusion_of(look, criteria, memory);
  look.state = state;
  look.reason = std::move(reason);
  return look;
}

Look blind(const Criteria& criteria, const Scope& scope, const Memory& memory, const std::string& why) {
  Look look = look_of(standings_of(criteria, memory), criteria, scope, memory);
  // What held before the store went away may be over: nothing is acted on.
  for (auto& finding : look.findings) {
    if (finding.outcome == Outcome::fail) finding.outcome = Outcome::unknown;
  }
  look.breached.clear();
  look.warned.clear();
  look.onset.reset();
  look.state = State::blind;
  look.reason = why;
  return look;
}

}  // namespace baton::judge
