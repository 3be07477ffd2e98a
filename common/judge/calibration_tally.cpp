// Per rule what was breached, per metric what is found.
#include "common/judge/calibration_tally.h"

#include <algorithm>
#include <optional>

#include "common/config/sections/switch.h"
#include "common/judge/active_rule.h"
#include "common/judge/replay.h"
#include "common/judge/rules.h"
#include "common/judge/session.h"

namespace baton::judge {
namespace {

bool is_judged(const Criteria& criteria, const Rule& rule) { return ActiveRule(rule, criteria).is_judged(); }

bool has_limit(const Criteria& criteria, std::string_view metric, Severity severity) {
  return std::ranges::any_of(rules(), [&](const Rule& rule) {
    return rule.metric.id == metric && rule.row.severity == severity && is_judged(criteria, rule);
  });
}

Severity severity_of(const Detection& detection) {
  return detection.is_critical ? Severity::critical : Severity::warning;
}

bool held(const Held& held, const Detection& detection) { return detection.is_critical ? held.critical : held.warning; }

/// The store had what the rule looks at. Where too few requests came to say that all is well it knew that nothing was
/// beyond doubt.
bool could_judge(const Memory& memory, const std::string& rule) {
  const auto condition = memory.conditions.find(rule);
  return condition != memory.conditions.end() && (condition->second.known > 0 || condition->second.is_too_little);
}

bool could_judge(const Memory& memory, const Detection& detection) {
  return std::ranges::any_of(rules(), [&](const Rule& rule) {
    return rule.metric.id == detection.metric && rule.row.severity == severity_of(detection) &&
           could_judge(memory, rule.id);
  });
}

const Breach* first_breach(const Memory& memory, const std::string& rule) {
  const auto found = std::ranges::find(memory.breaches, rule, &Breach::rule);
  return found == memory.breaches.end() ? nullptr : &*found;
}

/// The window's soak, where a warning was true through all of it.
std::optional<Breach> warned_soak(const ReadWindow& window) {
  const Time begin = *window.criteria.since;
  const Time end = begin + window.criteria.config.rollout().soak;
  Memory memory;
  replay(window.criteria,
         {window.points.begin(), std::ranges::find_if(window.points, [&](const Point& one) { return one.time > end; })},
         memory);
  if (Session(window.criteria, {}, begin, to_json(memory)).warnings_throughout(begin).empty()) return std::nullopt;
  return Breach{.rule = std::string(kThroughSoak), .from = begin, .to = end};
}

void count(RuleTally& tally, const Breach* breach, bool is_known) {
  if (breach != nullptr) tally.breaches.push_back(*breach);
  if (breach != nullptr || is_known) ++tally.windows;
}

}  // namespace

CalibrationTally::CalibrationTally(const Criteria& criteria) {
  counted_.limits = limits_of(criteria.config);
  for (const auto& rule : rules()) {
    if (is_judged(criteria, rule)) counted_.rules.push_back({.rule = rule.id, .is_critical = rule.is_critical()});
  }
  counted_.rules.push_back({.rule = std::string(kThroughSoak), .is_critical = true});
  for (const auto& ladder : ladders()) {
    for (const auto severity : {Severity::critical, Severity::warning}) {
      if (!has_limit(criteria, ladder.metric, severity)) continue;
      Detection detection{.metric = std::string(ladder.metric), .is_critical = severity == Severity::critical};
      for (const double size : ladder.sizes) detection.found.push_back({.regression = regression_text(ladder, size)});
      counted_.detections.push_back(std::move(detection));
    }
  }
}

void CalibrationTally::add_unknown(Time from, std::string why) {
  ++counted_.windows;
  counted_.unknown.push_back({.from = from, .why = std::move(why)});
}

void CalibrationTally::add(Time from, const ReadWindow& window) {
  add_rules(window);
  add_soak(window);
  if (!window.why_unknown.empty()) return add_unknown(from, window.why_unknown);
  ++counted_.windows;
  add_detections(window);
}

void CalibrationTally::add_rules(const ReadWindow& window) {
  for (auto& tally : counted_.rules) {
    if (tally.rule == kThroughSoak) continue;
    count(tally, first_breach(window.memory, tally.rule),
          window.why_unknown.empty() && could_judge(window.memory, tally.rule));
  }
}

void CalibrationTally::add_soak(const ReadWindow& window) {
  const auto warned = warned_soak(window);
  count(*std::ranges::find(counted_.rules, kThroughSoak, &RuleTally::rule), warned ? &*warned : nullptr,
        window.why_unknown.empty());
}

std::vector<Detection*> CalibrationTally::open_to(const Ladder& ladder, const ReadWindow& window) {
  const auto quiet = held_in(*find_metric(ladder.metric), window.criteria, window.points);
  std::vector<Detection*> open;
  for (auto& detection : counted_.detections) {
    if (detection.metric == ladder.metric && could_judge(window.memory, detection) && !held(quiet, detection))
      open.push_back(&detection);
  }
  return open;
}

void CalibrationTally::add_detections(const ReadWindow& window) {
  for (const auto& ladder : ladders()) {
    const auto open = open_to(ladder, window);
    for (auto* detection : open) ++detection->windows;
    for (std::size_t at = 0; at < ladder.sizes.size() && !open.empty(); ++at) {
      const auto found = held_with(ladder, ladder.sizes[at], window.criteria, window.points);
      for (auto* detection : open) detection->found[at].windows += held(found, *detection) ? 1 : 0;
    }
  }
}

Calibration CalibrationTally::finished() && {
  std::ranges::sort(counted_.unknown, {}, &UnknownWindow::from);
  for (auto& tally : counted_.rules) std::ranges::sort(tally.breaches, {}, &Breach::from);
  return std::move(counted_);
}

}  // namespace baton::judge
