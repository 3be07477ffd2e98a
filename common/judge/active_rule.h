// A rule as it is in force: its limit, what that means against the baseline, and whether it holds.
#pragma once

#include <optional>
#include <string>

#include "common/judge/memory.h"
#include "common/judge/rules.h"

namespace baton::judge {

class ActiveRule {
 public:
  ActiveRule(const Rule& rule, const Criteria& criteria);

  const Rule& rule() const { return rule_; }
  /// Its metric is applicable and the configuration gives it a limit.
  bool is_judged() const { return !not_applicable() && limit_; }
  /// The reason why its metric says nothing here; null: it does.
  const std::string* not_applicable() const { return criteria_.reason_against(rule_.metric.id); }
  /// What it says of the newest of `points`.
  Evaluation evaluate(std::span<const Point> points) const;
  /// True at the newest point, and at every sample of its `for`.
  bool holds(const Condition& condition, Time newest) const;
  /// "<= 185 ms (baseline +100%)"
  Expected expected() const;

 private:
  const Rule& rule_;
  const Criteria& criteria_;
  std::optional<Limit> limit_;
  std::optional<double> threshold_ = {};
};

}  // namespace baton::judge
