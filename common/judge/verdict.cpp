// Sustained conditions, breaches and the findings of a look.
#include "common/judge/verdict.h"

#include <fmt/format.h>

#include <algorithm>

#include "common/config/sections/precheck.h"
#include "common/config/sections/watch.h"
#include "common/core/text.h"

namespace baton::judge {
namespace {

/// A rule with its limit and what that means against the baseline.
struct Armed {
  const Rule& rule;
  std::optional<Limit> limit;
  std::optional<double> threshold;
};

Armed arm(const Rule& rule, const Config& config, const Baseline& baseline) {
  Armed armed{.rule = rule, .limit = rule.limit(config), .threshold = {}};
  if (armed.limit) armed.threshold = threshold_of(rule, *armed.limit, baseline);
  return armed;
}

const std::string* not_applicable(const Config& config, std::string_view metric) {
  const auto reason = config.precheck().not_applicable.find(std::string(metric));
  return reason == config.precheck().not_applicable.end() ? nullptr : &reason->second;
}

Sighting sight(const Armed& armed, const View& view) {
  if (!armed.threshold) return {.why = fmt::format("no baseline of {}", armed.rule.metric)};
  return armed.rule.see(armed.rule, view, *armed.threshold);
}

void update(Condition& condition, const Sighting& sighting, Time time) {
  condition.why = sighting.why;
  if (sighting.truth == Truth::unknown) return;
  condition.observed = sighting.observed;
  ++condition.known;
  if (sighting.truth == Truth::no) {
    condition.since.reset();
    condition.samples = 0;
    return;
  }
  if (!condition.since) condition.since = time;
  condition.last = time;
  ++condition.samples;
}

/// True at the newest point, and at every sample of its `for`.
bool holds(const Armed& armed, const Config& config, const Condition& condition, Time newest) {
  if (!condition.since || condition.last != newest) return false;
  const Duration sustained = armed.rule.sustained(config, config.watch().*armed.rule.limits);
  const Duration step = config.watch().step;
  const auto samples = (sustained + step - Duration{1}) / step + 1;
  return newest - *condition.since >= sustained && condition.samples >= samples;
}

void record_breach(Memory& memory, const Rule& rule, const Condition& condition) {
  const auto same = std::find_if(memory.breaches.rbegin(), memory.breaches.rend(), [&](const Breach& breach) {
    return breach.rule == rule.id && breach.to >= *condition.since;
  });
  if (same == memory.breaches.rend()) {
    memory.breaches.push_back({std::string(rule.id), *condition.since, condition.last, condition.observed});
    return;
  }
  same->to = condition.last;
  same->worst = std::max(same->worst, condition.observed);
}

Expected expectation(const Armed& armed, const Baseline& baseline) {
  if (!armed.limit) return "no limit configured";
  if (!armed.threshold) return "<= baseline " + to_text(*armed.limit);
  const auto value = measured(armed.rule.metric, *armed.threshold);
  if (armed.limit->kind == Limit::Kind::above) return {"<=", value};
  const std::string basis = "baseline " + to_text(*armed.limit);
  if (has_baseline(baseline, armed.rule.metric)) return {"<=", value, basis};
  return {"<=", value, basis + ", with no baseline: 0 assumed"};
}

bool breached_before(const Memory& memory, const Rule& rule) {
  return std::any_of(memory.breaches.begin(), memory.breaches.end(),
                     [&](const Breach& breach) { return breach.rule == rule.id; });
}

/// `holding` is about now; a breach that is over still shows (decisions 36).
Outcome outcome_of(const Rule& rule, const Condition& condition, const Memory& memory, bool holding) {
  if (holding) return rule.severity == Severity::critical ? Outcome::fail : Outcome::warn;
  if (breached_before(memory, rule)) return Outcome::warn;
  return condition.known == 0 ? Outcome::unknown : Outcome::pass;
}

std::string message_of(const Rule& rule, const Condition& condition, const Memory& memory, bool holding) {
  if (holding)
    return fmt::format("{} since {}", measured(rule.metric, condition.observed).text(), to_rfc3339(*condition.since));
  for (auto breach = memory.breaches.rbegin(); breach != memory.breaches.rend(); ++breach) {
    if (breach->rule != rule.id) continue;
    return fmt::format("{} from {} to {}, over since", measured(rule.metric, breach->worst).text(),
                       to_rfc3339(breach->from), to_rfc3339(breach->to));
  }
  if (condition.known == 0) return condition.why.empty() ? "nothing was judged yet" : condition.why;
  return condition.why;
}

Finding finding_of(const Armed& armed, const Config& config, const Baseline& baseline, const Memory& memory) {
  const Rule& rule = armed.rule;
  Finding finding{.id = std::string(rule.id),
                  .sop = std::string(rule.sop),
                  .title = std::string(rule.title),
                  .critical = rule.severity == Severity::critical,
                  .outcome = Outcome::skipped,
                  .expected = expectation(armed, baseline)};
  if (const auto* reason = not_applicable(config, rule.metric)) {
    finding.message = "not applicable: " + *reason;
    return finding;
  }
  if (!armed.limit) return finding;
  const auto known = memory.conditions.find(finding.id);
  const Condition condition = known == memory.conditions.end() ? Condition{} : known->second;
  const bool holding = memory.judged_until && holds(armed, config, condition, *memory.judged_until);
  finding.outcome = outcome_of(rule, condition, memory, holding);
  finding.message = message_of(rule, condition, memory, holding);
  if (const auto figures = memory.figures.find(std::string(rule.metric)); figures != memory.figures.end()) {
    finding.observed = measured(rule.metric, holding ? condition.observed : figures->second.mean());
  }
  const auto metric = baseline.metrics.find(std::string(rule.metric));
  if (metric != baseline.metrics.end()) finding.query = metric->second.query;
  return finding;
}

bool enough_requests(const Config& config, const Baseline& baseline, const Memory& memory) {
  if (not_applicable(config, "error_rate")) return true;
  const auto& limit = config.watch().error_rate.rollback;
  const Counts before = before_switch(baseline);
  const double points = limit ? limit->threshold(before.percent()) - before.percent() : 5;
  return memory.total.requests >= requests_needed(before, points, normal_quantile(1 - kLookAlpha));
}

bool is_older(const std::optional<Time>& known, const std::optional<Time>& other) {
  return !other || (known && *known < *other);
}

/// The worst comes first; within one severity the table's order stays.
void sort_worst_first(std::vector<Finding>& findings) {
  constexpr auto rank = [](const Finding& finding) {
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
  };
  std::stable_sort(findings.begin(), findings.end(),
                   [&](const Finding& a, const Finding& b) { return rank(a) < rank(b); });
}

std::string reason_of(const Finding& finding) {
  return fmt::format("{}: {}; expected {}", to_lower(finding.title), finding.message, finding.expected.text());
}

Look facts(const Memory& memory) {
  Look look{.state = State::inconclusive, .requests = memory.total.requests};
  if (memory.judged_until) look.judged_until = *memory.judged_until;
  return look;
}

/// Findings, the critical rules that hold, and since when.
void lay_out(Look& look, const Config& config, const Baseline& baseline, const Memory& memory) {
  for (const auto& rule : rules()) {
    look.findings.push_back(finding_of(arm(rule, config, baseline), config, baseline, memory));
    if (look.findings.back().outcome != Outcome::fail) continue;
    look.breached.emplace_back(rule.id);
    const auto& since = memory.conditions.at(std::string(rule.id)).since;
    if (is_older(since, look.onset)) look.onset = since;
  }
  sort_worst_first(look.findings);
}

/// The first critical rule that never had anything to look at: no baseline, no series.
const Finding* unseen(const Look& look) {
  const auto found = std::find_if(look.findings.begin(), look.findings.end(), [](const Finding& finding) {
    return finding.critical && finding.outcome == Outcome::unknown;
  });
  return found == look.findings.end() ? nullptr : &*found;
}

/// Why nobody can see how it does; empty: it was seen, or nothing was asked yet. Without traffic the series still
/// stand.
std::string absence(const Config& config, const Memory& memory) {
  if (!memory.judged_until) return "";
  if (!memory.gaps.empty() && memory.gaps.back().second == *memory.judged_until)
    return fmt::format("no series of it since {}: is it scraped?", to_rfc3339(memory.gaps.back().first));
  if (!not_applicable(config, "error_rate") && !memory.figures.contains("request_rate"))
    return "no series counts its requests: is http_requests_total scraped?";
  return "";
}

bool warns_now(const Config& config, const Baseline& baseline, const Memory& memory) {
  return memory.judged_until && std::any_of(rules().begin(), rules().end(), [&](const Rule& rule) {
           const auto known = memory.conditions.find(std::string(rule.id));
           if (rule.severity != Severity::warning || known == memory.conditions.end()) return false;
           return holds(arm(rule, config, baseline), config, known->second, *memory.judged_until);
         });
}

}  // namespace

Measured measured(std::string_view metric, double value) {
  if (metric == "latency_p95") return {1000 * value, "ms"};
  if (metric == "request_rate") return {value, "requests/s"};
  return {value, "%"};
}

void apply_rules(const Config& config, const Baseline& baseline, std::span<const Point> points, Memory& memory) {
  const View view{.points = points, .baseline = baseline, .config = config};
  const Time newest = points.back().time;
  for (const auto& rule : rules()) {
    if (not_applicable(config, rule.metric) || !rule.limit(config)) continue;
    const Armed armed = arm(rule, config, baseline);
    auto& condition = memory.conditions[std::string(rule.id)];
    update(condition, sight(armed, view), newest);
    if (holds(armed, config, condition, newest)) record_breach(memory, rule, condition);
  }
}

Look conclude(const Config& config, const Baseline& baseline, const Memory& memory) {
  Look look = facts(memory);
  lay_out(look, config, baseline, memory);
  if (!look.breached.empty()) {
    look.state = State::critical;
    look.reason = reason_of(look.findings.front());
  } else if (warns_now(config, baseline, memory)) {
    look.state = State::warning;
    const auto warning = std::find_if(look.findings.begin(), look.findings.end(),
                                      [](const Finding& finding) { return finding.outcome == Outcome::warn; });
    if (warning != look.findings.end()) look.reason = reason_of(*warning);
  } else if (const auto why = absence(config, memory); !why.empty()) {
    look.state = State::blind;
    look.reason = why;
  } else if (!enough_requests(config, baseline, memory)) {
    look.reason = fmt::format("{:.0f} requests so far are too few to judge the error rate", memory.total.requests);
  } else if (const auto* finding = unseen(look)) {
    look.state = State::blind;
    look.reason = reason_of(*finding);
  } else {
    look.state = State::healthy;
  }
  return look;
}

Look blind(const Config& config, const Baseline& baseline, const Memory& memory, const std::string& why) {
  Look look = facts(memory);
  lay_out(look, config, baseline, memory);
  // What held before the store went away may be over: nothing is acted on.
  for (auto& finding : look.findings) {
    if (finding.outcome == Outcome::fail) finding.outcome = Outcome::unknown;
  }
  look.breached.clear();
  look.onset.reset();
  look.state = State::blind;
  look.reason = why;
  return look;
}

}  // namespace baton::judge
