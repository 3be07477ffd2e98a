// What the metrics were before the switch: measured once, carried in precheck's state.
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
  Measurement(prometheus::Client& store, const Config& config, const Scope& scope, Time at, std::stop_token stop)
      : store_(store), config_(config), scope_(scope), at_(at), stop_(std::move(stop)) {}

  MetricBaseline error_rate() {
    const auto whole = queries(config_.watch().baseline);
    const Time from = at_ - config_.watch().baseline;
    const auto grown = [&](const std::string& counter) {
      return growth_in(store_.query_range(counter, from, at_, step(), stop_), from);
    };
    MetricBaseline metric{.requests = grown(whole.requests), .query = whole.errors};
    metric.errors = grown(whole.errors);
    if (metric.requests > 0) metric.value = 100 * metric.errors / metric.requests;
    return metric;
  }

  MetricBaseline latency() {
    const auto whole = queries(config_.watch().baseline).latency_p95;
    const auto fine = queries(rate_window(config_)).latency_p95;
    const auto day = store_.query_range(fine, at_ - kDay, at_, std::chrono::minutes(5), stop_);
    return {.value = instant(whole, at_),
            .yesterday = instant(whole, at_ - kDay),
            .peak = peak(values_of(day)),
            .query = fine};
  }

  MetricBaseline averaged(std::string Queries::*which) {
    const auto query = queries(rate_window(config_)).*which;
    const auto answer = store_.query_range(query, at_ - config_.watch().baseline, at_, step(), stop_);
    return {.value = mean(values_of(answer)), .query = query};
  }

 private:
  Queries queries(Duration window) const { return queries_for(config_, scope_, window); }

  /// Sixty points are enough for a mean.
  Duration step() const { return std::max<Duration>(config_.watch().step, config_.watch().baseline / 60); }

  std::optional<double> instant(const std::string& query, Time at) {
    return mean(values_of(store_.query(query, at, stop_)));
  }

  prometheus::Client& store_;
  const Config& config_;
  const Scope& scope_;
  Time at_;
  std::stop_token stop_;
};

std::optional<double> optional_decimal(const Json& json) {
  if (json.is_null()) return std::nullopt;
  return decimal_from(json);
}

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

}  // namespace

Baseline measure_baseline(prometheus::Client& store, const Config& config, const Scope& scope, Time at,
                          std::stop_token stop) {
  Measurement measurement(store, config, scope, at - config.metrics().lag, std::move(stop));
  Baseline baseline{.from = at - config.metrics().lag - config.watch().baseline, .to = at - config.metrics().lag};
  baseline.metrics = {
      {"error_rate", measurement.error_rate()},
      {"latency_p95", measurement.latency()},
      {"request_rate", measurement.averaged(&Queries::request_rate)},
      {"cpu", measurement.averaged(&Queries::cpu)},
      {"memory", measurement.averaged(&Queries::memory)},
  };
  return baseline;
}

Json to_json(const Baseline& baseline) {
  Json metrics = Json::object();
  for (const auto& [id, metric] : baseline.metrics) metrics[id] = to_json(metric);
  return Json::object({{"from", to_rfc3339(baseline.from)}, {"to", to_rfc3339(baseline.to)}, {"metrics", metrics}});
}

Baseline baseline_from_json(const Json& json) {
  Baseline baseline{.from = time_from(json["from"]), .to = time_from(json["to"])};
  for (const auto& [id, metric] : json["metrics"].members()) {
    baseline.metrics[id] = {.value = optional_decimal(metric["value"]),
                            .requests = decimal_from(metric["requests"]),
                            .errors = decimal_from(metric["errors"]),
                            .yesterday = optional_decimal(metric["yesterday"]),
                            .peak = optional_decimal(metric["peak"]),
                            .query = metric["query"].string()};
  }
  return baseline;
}

}  // namespace baton::judge
