// Read every five minutes, for all points in between: an hour does not change faster.
#include "common/judge/yesterday.h"

#include "common/config/sections/watch.h"
#include "common/judge/means.h"
#include "common/judge/own_query.h"

namespace baton::judge {
namespace {

/// The same for any two looks, whenever they begin.
Time hour_of(Time at) { return std::chrono::floor<std::chrono::duration<Duration::rep, std::ratio<300>>>(at); }

void add(std::vector<Point>& points, const Metric& metric, const prometheus::Answer& answer, Duration back) {
  const auto at = means_of(answer);
  for (auto& point : points) {
    const auto known = at.find(hour_of(point.time) - back);
    if (known != at.end()) point.yesterday.emplace_back(&metric, known->second);
  }
}

}  // namespace

void add_yesterday(std::vector<Point>& points, prometheus::Client& store, const Criteria& criteria, const Scope& scope,
                   const std::stop_token& stop) {
  if (points.empty()) return;
  const Duration around = criteria.config.watch().baseline;
  const Duration back = kDay - around / 2;
  const auto terms =
      terms_for(criteria.config, scope, criteria.baseline.source, around, PodNames::filled_in, criteria.own()).of_all();
  for (const Metric* metric : metrics()) {
    const bool is_asked = metric->baseline == BaselineKind::with_day && criteria.reason_against(metric->id) == nullptr;
    const auto query = is_asked ? query_of(*metric, terms) : "";
    if (query.empty()) continue;
    const auto answer = store.query_range(query, hour_of(points.front().time) - back,
                                          hour_of(points.back().time) - back, std::chrono::minutes(5), stop);
    prometheus::require_whole(answer);
    add(points, *metric, answer, back);
  }
}

}  // namespace baton::judge
