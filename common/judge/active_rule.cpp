// Limits against the baseline, truths against the clock.
#include "common/judge/active_rule.h"

#include <fmt/format.h>

#include "common/judge/own_query.h"

namespace baton::judge {
namespace {

/// Nobody waits to see whether that goes away.
Limit far_over(Limit limit) {
  limit.value *= 4;
  return limit;
}

}  // namespace

ActiveRule::ActiveRule(const Rule& rule, const Criteria& criteria)
    : rule_(&rule),
      criteria_(&criteria),
      limit_(rule.limit(criteria.config)),
      is_single_(judge::is_single(rule.metric, criteria.own())) {
  if (rule.is_critical()) only_warns_ = why_it_only_warns(rule.metric, criteria.own());
  if (!limit_) return;
  threshold_ = threshold_of(rule, *limit_, criteria);
  if (rule.row.sustained == Sustained::as_confirmed) waits_up_to_ = threshold_of(rule, far_over(*limit_), criteria);
}

Evaluation ActiveRule::evaluate(std::span<const Point> points) const {
  if (!threshold_) return {.why = fmt::format("no baseline of {}", rule_->metric.id)};
  return rule_->row.evaluate(*rule_, {.points = points, .criteria = *criteria_, .is_single = is_single_},
                             allowed_by_yesterday(points.back()).value_or(threshold_->value));
}

std::optional<double> ActiveRule::allowed_by_yesterday(const Point& point) const {
  const auto known = point.day_before(rule_->metric);
  if (!known) return std::nullopt;
  if (rule_->row.is_drop) {
    const double left = left_after(*limit_, *known);
    return left < threshold_->value ? std::optional(left) : std::nullopt;
  }
  const double allowed = limit_->kind == Limit::Kind::above ? 0 : limit_->threshold(*known);
  return allowed > threshold_->value ? std::optional(allowed) : std::nullopt;
}

bool ActiveRule::holds(const Condition& condition, Time newest) const {
  if (!is_judged() || !condition.since || condition.last != newest) return false;
  const bool is_far_over = waits_up_to_ && condition.observed > waits_up_to_->value;
  const Duration sustained = is_far_over ? Duration{0} : rule_->sustained(*criteria_);
  const Duration step = criteria_->config.watch().step;
  const auto samples = (sustained + step - Duration{1}) / step + 1;
  return newest - *condition.since >= sustained && condition.samples >= samples;
}

Expected ActiveRule::expected(const Memory& memory) const {
  if (!limit_) return "no limit configured";
  if (!rule_->row.expected.empty()) return std::string(rule_->row.expected);
  const std::string sign = rule_->row.is_drop ? ">=" : "<=";
  const auto change = change_text(*rule_, *limit_);
  if (!threshold_) return sign + " baseline " + change;
  const auto yesterday = memory.tail.empty() ? std::nullopt : allowed_by_yesterday(memory.tail.back());
  if (!yesterday) return {sign, measured(rule_->metric, threshold_->value), threshold_->basis};
  return {sign, measured(rule_->metric, *yesterday), "yesterday at this hour " + change};
}

}  // namespace baton::judge
