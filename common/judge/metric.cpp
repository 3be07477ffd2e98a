// The rows, and what a point says of one.
#include "common/judge/metric.h"

#include <array>
#include <numeric>

#include "common/judge/grid.h"

namespace baton::judge {

extern const Metric kCpu;
extern const Metric kMemory;

namespace {

constexpr std::array kMetrics = {&kErrorRate, &kLatencyP95, &kRequestRate, &kCpu, &kMemory};

std::optional<double> mean(const Values& values) {
  if (values.empty()) return std::nullopt;
  const double sum = std::accumulate(values.begin(), values.end(), 0.0,
                                     [](double so_far, const auto& value) { return so_far + value.second; });
  return sum / static_cast<double>(values.size());
}

}  // namespace

std::span<const Metric* const> metrics() { return kMetrics; }

bool is_read(const Metric& metric) { return metric.fold == Fold::sum || metric.fold == Fold::by_pod; }

std::optional<double> value_at(const Metric& metric, const Point& point, Duration step) {
  switch (metric.fold) {
    case Fold::failed_share:
      return point.counts && point.counts->requests > 0 ? std::optional(point.counts->percent()) : std::nullopt;
    case Fold::request_rate:
      if (!point.counts) return std::nullopt;
      return 1000 * point.counts->requests / static_cast<double>(step.count());
    case Fold::sum:
    case Fold::by_pod:
      return mean(point.of(metric));
  }
  return std::nullopt;
}

Measured measured(const Metric& metric, double value) { return {metric.unit.factor * value, metric.unit.symbol}; }

}  // namespace baton::judge
