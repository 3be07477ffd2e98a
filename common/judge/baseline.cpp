// What the metrics were before the switch: measured once, carried in handoffs.
#include "common/judge/baseline.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "common/config/sections/metrics.h"
#include "common/config/sections/watch.h"
#include "common/judge/grid.h"
#include "common/judge/histogram.h"
#include "common/judge/means.h"
#include "common/judge/own_query.h"
#include "common/judge/recent_samples.h"
#include "common/judge/state_values.h"
#include "common/judge/yesterday.h"

namespace baton::judge {
namespace {

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

std::optional<Time> first_sample_in(const prometheus::Answer& answer) {
  std::optional<Time> first;
  for (const auto& series : answer.series) {
    if (!series.samples.empty()) first = std::min(first.value_or(Time::max()), series.samples.front().time);
  }
  return first;
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
  Measurement(prometheus::Client& store, const Config& config, const Scope& scope, Time to, Duration stretch,
              std::stop_token stop)
      : store_(store), config_(config), scope_(scope), to_(to), stretch_(stretch), stop_(std::move(stop)) {
    const auto selector = selector_for(config_, scope_, rate_window(config_));
    found_ = find_source(store_, selector, to_, stop_);
    source_ = source_beside(own_, found_);
    recent_ = recent_samples(store_, config_, terms(rate_window(config_)), to_, stop_);
    scraped_every_ = rarest_scrape(recent_);
  }

  const std::optional<RequestSource>& source() const { return source_; }
  const std::string& why_no_source() const { return found_.why; }
  const OwnQueries& own() const { return own_; }
  std::optional<Duration> scraped_every() const { return scraped_every_; }

  MetricBaseline of(const Metric& metric) {
    const auto query = query_of(metric, terms(window(), PodNames::left_open));
    if (query.empty()) return {.why = source_ ? "no such series" : found_.why};
    MetricBaseline measured = why_not_now(metric);
    if (measured.why.empty()) measured = measure(metric);
    measured.query = query;
    return measured;
  }

 private:
  /// What the store says by repeating old samples, or says nothing of, is not measured.
  MetricBaseline why_not_now(const Metric& metric) {
    const auto samples = recent_.find(is_read(metric, terms(window())) ? metric.id : kRequestCounters);
    if (samples == recent_.end()) return {};
    const auto newest = samples->second.newest();
    if (!newest) return {.why = "no such series"};
    if (to_ - *newest > std::max(kLatestSample, max_sample_age(scraped_every_.value_or(kRarestScrape))))
      return {.why = "no new sample since " + to_rfc3339(*newest)};
    return {};
  }

  MetricBaseline measure(const Metric& metric) {
    auto measured = value_of(metric);
    if (measured.value || !measured.why.empty()) return measured;
    measured.is_silent = metric.judged_by_counts && had_no_request();
    measured.why = measured.is_silent ? "no traffic: no request in " + to_text(stretch_) : "its series give no number";
    return measured;
  }

  MetricBaseline value_of(const Metric& metric) {
    if (!is_single(metric, own_)) {
      switch (metric.baseline) {
        case BaselineKind::counted:
          return counted();
        case BaselineKind::with_day:
          return with_day(metric);
        case BaselineKind::mean:
          break;
      }
    }
    return usual(range(query_of(metric, terms(window())), from(), step()));
  }

  bool had_no_request() {
    const auto requests = requests_query(terms(stretch_));
    if (requests.empty()) return false;
    const auto answer = range(requests, from(), step());
    return !answer.series.empty() && growth_in(answer, from()) == 0;
  }

  MetricBaseline counted() {
    const auto counters = terms(stretch_);
    const auto errors = range(errors_query(counters), from(), step());
    if (errors.series.empty() && has_own_errors(counters))
      return {.why = "its errors query has no series, which is not zero: end it with 'or 0 * (…)' of its requests"};
    const Counts counts{.errors = growth_in(errors, from()),
                        .requests = growth_in(range(requests_query(counters), from(), step()), from())};
    return {.value = counts.requests > 0 ? std::optional(counts.percent()) : std::nullopt,
            .requests = counts.requests,
            .errors = counts.errors};
  }

  MetricBaseline with_day(const Metric& metric) {
    const auto whole = query_of(metric, terms(stretch_));
    const auto of_day = query_of(metric, terms(window()).of_all());
    // As finely as the window is long: what comes every half hour must not fall between two reads, or into each.
    const auto day = range(of_day, to_ - kDay, std::max<Duration>(window(), std::chrono::minutes(1)));
    MetricBaseline known{
        .value = instant(whole, to_), .peak = peak(values_of(means_of(day))), .known_since = first_sample_in(day)};
    if (known.value && metric.reading != nullptr && !is_single(metric, own_))
      known.bucket = bucket_of(metric, *known.value);
    return known;
  }

  std::optional<std::pair<double, double>> bucket_of(const Metric& metric, double value) {
    const auto counted = terms(stretch_);
    const double per_second = edges_per_second(counted);
    const auto answer = store_.query(reading_of(metric, counted), to_, stop_);
    prometheus::require_whole(answer);
    std::map<double, double> edges;
    for (const auto& series : answer.series) {
      const auto le = series.labels.find("le");
      const auto edge = le == series.labels.end() ? std::nullopt : parse_edge(le->second);
      if (edge && !series.samples.empty()) edges[*edge] += series.samples.back().value;
    }
    const Histogram histogram({edges.begin(), edges.end()});
    if (histogram.is_empty()) return std::nullopt;
    const auto [low, high] = histogram.bucket_of(value * per_second);
    return std::pair(low / per_second, high / per_second);
  }

  QueryTerms terms(Duration window, PodNames pods = PodNames::filled_in) const {
    return judge::terms_for(config_, scope_, source_, window, pods, own_);
  }
  Duration window() const { return rate_window(config_, scraped_every_); }

  Time from() const { return to_ - stretch_; }

  /// Sixty points are enough for a mean.
  Duration step() const { return std::max<Duration>(config_.watch().step, stretch_ / 60); }

  prometheus::Answer range(const std::string& query, Time begin, Duration step) {
    auto answer = store_.query_range(query, begin, to_, step, stop_);
    prometheus::require_whole(answer);
    return answer;
  }

  std::optional<double> instant(const std::string& query, Time at) {
    const auto answer = store_.query(query, at, stop_);
    prometheus::require_whole(answer);
    return mean(values_of(means_of(answer)));
  }

  prometheus::Client& store_;
  const Config& config_;
  const Scope& scope_;
  Time to_;
  Duration stretch_;
  std::stop_token stop_;
  OwnQueries own_ = config_.watch().own_queries();
  SourceLookup found_ = {};
  std::optional<RequestSource> source_ = {};
  RecentSamples recent_ = {};
  std::optional<Duration> scraped_every_ = {};
};

Json to_json(const MetricBaseline& metric) {
  Json json = Json::object();
  if (metric.value) json["value"] = decimal(*metric.value);
  if (metric.peak) json["peak"] = decimal(*metric.peak);
  if (metric.held) json["held"] = decimal(*metric.held);
  json["requests"] = decimal(metric.requests);
  json["errors"] = decimal(metric.errors);
  json["query"] = metric.query;
  return json;
}

MetricBaseline metric_from(const Json& json) {
  return {.value = optional_decimal_from(json["value"]),
          .requests = decimal_from(json["requests"]),
          .errors = decimal_from(json["errors"]),
          .peak = optional_decimal_from(json["peak"]),
          .held = optional_decimal_from(json["held"]),
          .query = json["query"].string()};
}

}  // namespace

const MetricBaseline* Baseline::find(const Metric& metric) const {
  const auto found = metrics.find(metric.id);
  return found == metrics.end() || !found->second.value ? nullptr : &found->second;
}

MetricBaseline usual(const prometheus::Answer& answer) {
  const auto means = means_of(answer);
  MetricBaseline known{.value = mean(values_of(means)), .held = held_in(means)};
  for (const auto& [time, value] : means) known.peak = std::max(known.peak.value_or(0), value);
  return known;
}

QueryTerms terms_for(const Config& config, const Scope& scope, const Baseline& baseline, PodNames pods) {
  const auto own = baseline.own.empty() ? config.watch().own_queries() : baseline.own;
  return terms_for(config, scope, baseline.source, rate_window(config, baseline.scraped_every), pods, own);
}

Baseline measure_baseline(prometheus::Client& store, const Config& config, const Scope& scope, Time at,
                          std::stop_token stop) {
  return measure_baseline(store, config, scope, at, config.watch().baseline, std::move(stop));
}

Baseline measure_baseline(prometheus::Client& store, const Config& config, const Scope& scope, Time at,
                          Duration stretch, std::stop_token stop) {
  const Time to = at - config.metrics().lag;
  Measurement measurement(store, config, scope, to, stretch, std::move(stop));
  Baseline baseline{.from = to - stretch,
                    .to = to,
                    .pods = scope.pods,
                    .source = measurement.source(),
                    .why_no_source = measurement.why_no_source(),
                    .own = measurement.own(),
                    .scraped_every = measurement.scraped_every()};
  for (const Metric* metric : metrics()) {
    if (is_asked_for(*metric, baseline.own)) baseline.metrics.emplace(metric->id, measurement.of(*metric));
  }
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
  if (!baseline.own.empty()) json["own"] = to_json(baseline.own);
  if (baseline.scraped_every) json["scraped_every"] = to_text(*baseline.scraped_every);
  return json;
}

Baseline baseline_from_json(const Json& json) {
  Baseline baseline{.from = time_from(json["from"]), .to = time_from(json["to"]), .pods = texts_from(json["pods"])};
  for (const auto& [id, metric] : json["metrics"].members()) baseline.metrics.emplace(id, metric_from(metric));
  if (json.find("source") != nullptr) baseline.source = source_from_json(json["source"]);
  baseline.own = own_queries_from(json["own"]);
  baseline.scraped_every = parse_duration(json["scraped_every"].string_or(""));
  return baseline;
}

}  // namespace baton::judge
