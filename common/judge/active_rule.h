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

  const Rule& rule() const { return *rule_; }
  /// Its metric is applicable, the configuration gives it a limit, and a breach of it may be acted on.
  bool is_judged() const { return !not_applicable() && limit_ && only_warns_.empty(); }
  /// The reason why its metric says nothing here; null: it does.
  const std::string* not_applicable() const { return criteria_->reason_against(rule_->metric.id); }
  /// Why nobody is rolled back by its metric's own query; empty: a critical rule is judged, and so is a warning always.
  const std::string& only_warns() const { return only_warns_; }
  /// What it says of the newest of `points`.
  Evaluation evaluate(std::span<const Point> points) const;
  /// True at the newest point, and at every sample of its `for` or `confirm`.
  bool holds(const Condition& condition, Time newest) const;
  /// "<= 185 ms (baseline +100%)", of the newest point that is remembered.
  Expected expected(const Memory& memory) const;

 private:
  /// What the same hour a day before allows; nothing: no more than what was before the switch does, or nobody knows.
  std::optional<double> allowed_by_yesterday(const Point& point) const;

  const Rule* rule_;
  const Criteria* criteria_;
  std::optional<Limit> limit_;
  bool is_single_;
  std::string only_warns_ = {};
  std::optional<Threshold> threshold_ = {};
  std::optional<Threshold> waits_up_to_ = {};  ///< over it nothing is waited for
};

}  // namespace baton::judge
