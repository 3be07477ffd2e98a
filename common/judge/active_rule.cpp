// Limits against the baseline, truths against the clock.
#include "common/judge/active_rule.h"

#include <fmt/format.h>

#include "common/judge/own_query.h"

namespace baton::judge {

ActiveRule::ActiveRule(const Rule& rule, const Criteria& criteria)
    : rule_(rule), criteria_(criteria), limit_(rule.limit(criteria.config)) {
  if (rule.severity == Severity::critical) only_warns_ = why_it_only_warns(rule.metric, criteria.own());
  if (limit_) threshold_ = threshold_of(rule, *limit_, criteria.baseline);
}

Evaluation ActiveRule::evaluate(std::span<const Point> points) const {
  if (!threshold_) return {.why = fmt::format("no baseline of {}", rule_.metric.id)};
  return rule_.metric.evaluate(rule_, {.points = points, .criteria = criteria_}, *threshold_);
}

bool ActiveRule::holds(const Condition& condition, Time newest) const {
  if (!is_judged() || !condition.since || condition.last != newest) return false;
  const Duration sustained = rule_.sustained(criteria_.config);
  const Duration step = criteria_.config.watch().step;
  const auto samples = (sustained + step - Duration{1}) / step + 1;
  return newest - *condition.since >= sustained && condition.samples >= samples;
}

Expected ActiveRule::expected() const {
  if (!limit_) return "no limit configured";
  if (!threshold_) return "<= baseline " + to_text(*limit_);
  const auto value = measured(rule_.metric, *threshold_);
  if (limit_->kind == Limit::Kind::above) return {"<=", value};
  const std::string basis = "baseline " + to_text(*limit_);
  if (criteria_.baseline.find(rule_.metric) != nullptr) return {"<=", value, basis};
  return {"<=", value, basis + ", with no baseline: 0 assumed"};
}

}  // namespace baton::judge
