// The rows, and what a point says of one.
#include "common/judge/metric.h"

#include <algorithm>
#include <array>

#include "common/judge/grid.h"
#include "common/judge/own_query.h"

namespace baton::judge {

extern const Metric kLatencyP99;
extern const Metric kRequestDrop;
extern const Metric kCpu;
extern const Metric kMemory;
extern const Metric kDiskIo;
extern const Metric kNetwork;

namespace {

constexpr std::array kMetrics = {&kErrorRate, &kLatencyP95, &kLatencyP99, &kRequestRate, &kRequestDrop,
                                 &kCpu,       &kMemory,     &kDiskIo,     &kNetwork};

}  // namespace

std::span<const Metric* const> metrics() { return kMetrics; }

const Metric* find_metric(std::string_view id) {
  const auto found = std::ranges::find(kMetrics, id, &Metric::id);
  return found == kMetrics.end() ? nullptr : *found;
}

bool is_read(const Metric& metric, const QueryTerms& terms) {
  const bool is_counted = metric.fold == Fold::failed_share || metric.fold == Fold::request_rate;
  return !is_counted || is_single(metric, terms.own);
}

std::optional<double> value_at(const Metric& metric, const Point& point, Duration step) {
  if (const auto* reading = point.find(metric)) return reading->value;
  switch (metric.fold) {
    case Fold::failed_share:
      return point.counts && point.counts->requests > 0 ? std::optional(point.counts->percent()) : std::nullopt;
    case Fold::request_rate:
      if (!point.counts) return std::nullopt;
      return 1000 * point.counts->requests / static_cast<double>(step.count());
    case Fold::sum:
    case Fold::by_pod:
    case Fold::buckets:
      break;
  }
  return std::nullopt;
}

Measured measured(const Metric& metric, double value) { return {metric.unit.factor * value, metric.unit.symbol}; }

}  // namespace baton::judge
