// Requests of all colours: what nobody sends any more fails nowhere (decisions 32).
#include <cmath>

#include "common/config/sections/watch.h"
#include "common/judge/metric.h"
#include "common/judge/rules.h"

namespace baton::judge {
namespace {

constexpr Duration kFiveMinutes = std::chrono::minutes(5);

std::string query(const QueryTerms& terms) { return requests_grown(terms, "rate"); }

struct Came {
  double requests = 0;
  double seconds = 0;
};

Came newest(const Rule& rule, const RuleInput& input) {
  Came came;
  const double step = std::chrono::duration<double>(input.criteria.config.watch().step).count();
  for (auto point = input.points.rbegin(); point != input.points.rend(); ++point) {
    if (input.points.back().time - point->time >= kFiveMinutes) break;
    const auto rate = value_at(rule.metric, *point, {});
    if (!rate) continue;
    came.requests += *rate * step;
    came.seconds += step;
  }
  return came;
}

/// Below what is left of both, beyond what chance makes of so few. After an hour what came before the switch says
/// nothing of the hour that is judged: where nobody knows yesterday only losing all is a drop.
Evaluation evaluate(const Rule& rule, const RuleInput& input, double threshold) {
  const auto& point = input.points.back();
  if (!value_at(rule.metric, point, {})) return {.why = "no sample of the request counter"};
  const auto [requests, seconds] = newest(rule, input);
  const double rate = requests / seconds;
  const auto& since = input.criteria.since;
  const bool is_known = !since || point.time - *since <= input.criteria.config.watch().baseline ||
                        point.day_before(rule.metric).has_value();
  const double surely = requests + confidence(rule, true) * std::sqrt(requests + 1);
  const bool is_lost = requests == 0 && threshold * seconds >= kFewestErrors;
  const bool is_below = is_known && surely < threshold * seconds;
  return {.truth = is_lost || is_below ? Truth::yes : Truth::no, .observed = rate};
}

}  // namespace

extern constinit const Metric kRequestDrop{.id = "request_drop",
                                           .heading = "Requests of All Colours",
                                           .unit = {.symbol = "requests/s"},
                                           .query = query,
                                           .own = "sum(QUERY)",
                                           .is_of_all = true,
                                           .fold = Fold::sum,
                                           .baseline = BaselineKind::with_day,
                                           .history = kFiveMinutes,
                                           .rules = {{{.name = "warning",
                                                       .sop = "3a.3",
                                                       .title = "Requests of all colours",
                                                       .evaluate = evaluate,
                                                       .is_drop = true}}}};

}  // namespace baton::judge
