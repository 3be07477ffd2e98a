// What the metrics were before the switch: measured once, carried in handoffs.
#pragma once

#include <map>
#include <optional>
#include <stop_token>
#include <string>

#include "common/clients/prometheus/client.h"
#include "common/config/config.h"
#include "common/judge/scope.h"

namespace baton::judge {

/// What one metric was before the switch. Error rate, CPU and memory in percent, latency in seconds, requests per
/// second.
struct MetricBaseline {
  std::optional<double> value = {};  ///< nothing: the series were absent
  double requests = 0;               ///< seen in the stretch; error_rate only
  double errors = 0;
  std::optional<double> yesterday = {};  ///< the same stretch a day before; latency_p95 only
  std::optional<double> peak = {};       ///< 99th percentile of the day before the switch; latency_p95 only
  std::string query = {};
};

struct Baseline {
  Time from{};
  Time to{};
  std::map<std::string, MetricBaseline> metrics;  ///< by id: error_rate, latency_p95, request_rate, cpu, memory
};
Json to_json(const Baseline& baseline);
Baseline baseline_from_json(const Json& json);

/// Reads the stretch of `watch.baseline` that ends at `at`. Throws Error{unknown} when the store cannot be asked;
/// absent series are nothing, not an error.
Baseline measure_baseline(prometheus::Client& store, const Config& config, const Scope& scope, Time at,
                          std::stop_token stop = {});

}  // namespace baton::judge
