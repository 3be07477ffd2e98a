// What the metrics were before the switch: measured once, carried in handoffs.
#include "common/judge/baseline.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "common/config/sections/metrics.h"
#include "common/config/sections/watch.h"
#include "common/judge/grid.h"
#include "common/judge/state_values.h"

namespace baton::judge {
namespace {

constexpr Duration kDay = std::chrono::hours(24);

/// What the counters of a range answer grew by. A series that begins within the range began at zero.
double growth_in(const prometheus::Answer& answer, Time from) {
  double sum = 0;
  for (const auto& series : answer.series) {
    if (series.samples.empty()) continue;
    double last = series.samples.front().time > from ? 0 : series.samples.front().value;
    for (const auto& sample : series.samples) {
      if (!std::isfinite(sample.value)) continue;
      sum += counter_growth(sample.value, last);
      last = sample.value;
    }
  }
  return sum;
}

/// Every value of a range answer, its series averaged at each time.
std::vector<double> values_of(const prometheus::Answer& answer) {
  std::map<Time, std::pair<double, int>> at;
  for (const auto& series : answer.series) {
    for (const auto& sample : series.samples) {
      if (!std::isfinite(sample.value)) continue;
      at[sample.time].first += sample.value;
      ++at[sample.time].second;
    }
  }
  std::vector<double> values;
  for (const auto& [time, sum] : at) values.push_back(sum.first / sum.second);
  return values;
}

std::optional<double> mean(const std::vector<double>& values) {
  if (values.empty()) return std::nullopt;
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

/// The smallest value that 99 of 100 do not exceed.
std::optional<double> peak(std::vector<double> values) {
  if (values.empty()) return std::nullopt;
  const auto rank = static_cast<std::size_t>(std::ceil(0.99 * static_cast<double>(values.size()))) - 1;
  std::nth_element(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(rank), values.end());
  return values[rank];
}

class Measurement {
 public:
  Measurement(prometheus::Client& store, const Config& config, const Scope& scope, Time to, std::stop_token stop)
      : store_(store), config_(config), scope_(scope), to_(to), stop_(std::move(stop)) {
    const auto selector = selector_for(config_, scope_, rate_window(config_));
    found_ = find_source(store_, selector, to_, stop_);
  }

  const SourceLookup& found() const { return found_; }

  MetricBaseline of(const Metric& metric) {
    const auto query = metric.query(terms(rate_window(config_), PodNames::left_open));
    MetricBaseline measured = query.empty() ? MetricBaseline{} : measure(metric);
    measured.query = query;
    return measured;
  }

 private:
  MetricBaseline measure(const Metric& metric) {
    switch (metric.baseline) {
      case BaselineKind::counted:
        return counted();
      case BaselineKind::with_day:
        return with_day(metric);
      case BaselineKind::mean:
        break;
    }
    return {.value = mean(values_of(range(metric.query(terms(rate_window(config_))), from(), step())))};
  }

  MetricBaseline counted() {
    const auto counters = terms(config_.watch().baseline);
    const auto grown = [&](const std::string& counter) { return growth_in(range(counter, from(), step()), from()); };
    const Counts counts{.errors = grown(errors_query(counters)), .requests = grown(requests_query(counters))};
    return {.value = counts.requests > 0 ? std::optional(counts.percent()) : std::nullopt,
            .requests = counts.requests,
            .errors = counts.errors};
  }

  MetricBaseline with_day(const Metric& metric) {
    const auto whole = metric.query(terms(config_.watch().baseline));
    const auto fine = metric.query(terms(rate_window(config_)));
    const auto day = range(fine, to_ - kDay, std::chrono::minutes(5));
    return {.value = instant(whole, to_), .yesterday = instant(whole, to_ - kDay), .peak = peak(values_of(day))};
  }

  QueryTerms terms(Duration window, PodNames pods = PodNames::filled_in) const {
    return terms_for(config_, scope_, found_.source, window, pods);
  }

  Time from() const { return to_ - config_.watch().baseline; }

  /// Sixty points are enough for a mean.
  Duration step() const { return std::max<Duration>(config_.watch().step, config_.watch().baseline / 60); }

  prometheus::Answer range(const std::string& query, Time begin, Duration step) {
    auto answer = store_.query_range(query, begin, to_, step, stop_);
    prometheus::require_whole(answer);
    return answer;
  }

  std::optional<double> instant(const std::string& query, Time at) {
    const auto answer = store_.query(query, at, stop_);
    prometheus::require_whole(answer);
    return mean(values_of(answer));
  }

  prometheus::Client& store_;
  const Config& config_;
  const Scope& scope_;
  Time to_;
  std::stop_token stop_;
  SourceLookup found_ = {};
};

Json to_json(const MetricBaseline& metric) {
  Json json = Json::object();
  if (metric.value) json["value"] = decimal(*metric.value);
  if (metric.yesterday) json["yesterday"] = decimal(*metric.yesterday);
  if (metric.peak) json["peak"] = decimal(*metric.peak);
  json["requests"] = decimal(metric.requests);
  json["errors"] = decimal(metric.errors);
  json["query"] = metric.query;
  return json;
}

MetricBaseline metric_from(const Json& json) {
  return {.value = optional_decimal_from(json["value"]),
          .requests = decimal_from(json["requests"]),
          .errors = decimal_from(json["errors"]),
          .yesterday = optional_decimal_from(json["yesterday"]),
          .peak = optional_decimal_from(json["peak"]),
          .query = json["query"].string()};
}

}  // namespace

const MetricBaseline* Baseline::find(const Metric& metric) const {
  const auto found = metrics.find(metric.id);
  return found == metrics.end() || !found->second.value ? nullptr : &found->second;
}

Baseline measure_baseline(prometheus::Client& store, const Config& config, const Scope& scope, Time at,
                          std::stop_token stop) {
  const Time to = at - config.metrics().lag;
  Measurement measurement(store, config, scope, to, std::move(stop));
  Baseline baseline{.from = to - config.watch().baseline,
                    .to = to,
                    .pods = scope.pods,
                    .source = measurement.found().source,
                    .why_no_source = measurement.found().why};
  for (const Metric* metric : metrics()) baseline.metrics.emplace(metric->id, measurement.of(*metric));
  return baseline;
}

Json to_json(const Baseline& baseline) {
  Json metrics = Json::object();
  for (const auto& [id, metric] : baseline.metrics) metrics[id] = to_json(metric);
  Json json = Json::object({{"from", to_rfc3339(baseline.from)},
                            {"to", to_rfc3339(baseline.to)},
                            {"pods", json_list(baseline.pods)},
                            {"metrics", metrics}});
  if (baseline.source) json["source"] = to_json(*baseline.source);
  return json;
}

Baseline baseline_from_json(const Json& json) {
  Baseline baseline{.from = time_from(json["from"]), .to = time_from(json["to"]), .pods = texts_from(json["pods"])};
  for (const auto& [id, metric] : json["metrics"].members()) baseline.metrics.emplace(id, metric_from(metric));
  if (json.find("source") != nullptr) baseline.source = source_from_json(json["source"]);
  return baseline;
}

}  // namespace baton::judge
