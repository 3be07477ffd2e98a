// The producers' names as tables (a metric name is the producer's mark), and one question for all of them.
#include "common/judge/request_source.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>
#include <vector>

#include "common/core/text.h"
#include "common/judge/state_values.h"

namespace baton::judge {
namespace {

struct CounterName {
  std::string_view name;
  std::string_view only = {};
};
/// The first that is there counts: those of the app itself before those of a proxy before it.
constexpr std::array kCounters = {
    CounterName{"http_requests_total"},                         // Prometheus client libraries
    CounterName{"http_server_requests_total"},                  // Ruby's middleware
    CounterName{"http_server_requests_seconds_count"},          // Micrometer: Spring, Quarkus
    CounterName{"http_server_request_duration_seconds_count"},  // OpenTelemetry
    CounterName{"http_server_request_duration_count"},          // the same without units: JavaScript
    CounterName{"http_server_duration_milliseconds_count"},     // OpenTelemetry's older conventions
    CounterName{"http_requests_received_total"},                // prometheus-net
    CounterName{"http_request_duration_seconds_count"},         // Express, Fastify
    CounterName{"starlette_requests_total"},
    CounterName{"flask_http_request_total"},
    CounterName{"django_http_responses_total_by_status_total"},
    CounterName{"litestar_requests_total"},
    CounterName{"axum_http_requests_total"},
    CounterName{"rails_requests_total"},
    CounterName{"istio_requests_total", R"(reporter="destination")"},  // each request is there twice
    CounterName{"envoy_cluster_upstream_rq_xx"},
    CounterName{"traefik_service_requests_total"},
    CounterName{"nginx_ingress_controller_requests"},
};

struct HistogramName {
  std::string_view buckets;
  double per_second = 1;
};
constexpr std::array kHistograms = {
    HistogramName{"http_request_duration_highr_seconds_bucket"},  // finer than its sister of the next name
    HistogramName{"http_request_duration_seconds_bucket"},
    HistogramName{"http_server_requests_seconds_bucket"},
    HistogramName{"http_server_request_duration_seconds_bucket"},
    HistogramName{"http_server_request_duration_bucket"},
    HistogramName{"http_server_duration_milliseconds_bucket", 1000},
    HistogramName{"starlette_request_duration_seconds_bucket"},
    HistogramName{"flask_http_request_duration_seconds_bucket"},
    HistogramName{"django_http_requests_latency_including_middlewares_seconds_bucket"},
    HistogramName{"litestar_request_duration_seconds_bucket"},
    HistogramName{"axum_http_requests_duration_seconds_bucket"},
    HistogramName{"rails_request_duration_seconds_bucket"},
    HistogramName{"istio_request_duration_milliseconds_bucket", 1000},
    HistogramName{"envoy_cluster_upstream_rq_time_bucket", 1000},
    HistogramName{"traefik_service_request_duration_seconds_bucket"},
    HistogramName{"nginx_ingress_controller_request_duration_seconds_bucket"},
};

struct StatusLabel {
  std::string_view name;
  std::string_view failed = "5..";  ///< "5xx" too
};
constexpr std::array kStatusLabels = {
    StatusLabel{"status"},
    StatusLabel{"code"},
    StatusLabel{"status_code"},
    StatusLabel{"http_status"},
    StatusLabel{"http_status_code"},
    StatusLabel{"http_response_status_code"},
    StatusLabel{"response_code"},
    StatusLabel{"response_code_class", "5.*"},
    StatusLabel{"envoy_response_code_class", "5"},
};

/// Names and the labels that each has.
using Found = std::map<std::string, std::set<std::string>, std::less<>>;

std::string question(const std::string& selector) {
  std::vector<std::string> names;
  for (const auto& counter : kCounters) names.emplace_back(counter.name);
  for (const auto& histogram : kHistograms) names.emplace_back(histogram.buckets);
  std::vector<std::string> labels = {"__name__"};
  for (const auto& label : kStatusLabels) labels.emplace_back(label.name);
  return fmt::format(R"(count by ({}) ({{__name__=~"{}",{}}}))", join(labels, ","), join(names, "|"), selector);
}

Found found_in(const prometheus::Answer& answer) {
  Found found;
  for (const auto& series : answer.series) {
    const auto name = series.labels.find("__name__");
    if (name == series.labels.end()) continue;
    auto& labels = found[name->second];
    for (const auto& [label, value] : series.labels) {
      if (!value.empty()) labels.insert(label);
    }
  }
  return found;
}

const StatusLabel* status_of(const std::set<std::string>& labels) {
  const auto label = std::ranges::find_if(
      kStatusLabels, [&](const StatusLabel& known) { return labels.contains(std::string(known.name)); });
  return label == kStatusLabels.end() ? nullptr : &*label;
}

std::optional<RequestSource> durations_in(const Found& found) {
  const auto histogram =
      std::ranges::find_if(kHistograms, [&](const HistogramName& known) { return found.contains(known.buckets); });
  if (histogram == kHistograms.end()) return std::nullopt;
  return RequestSource{.buckets = std::string(histogram->buckets), .per_second = histogram->per_second};
}

}  // namespace

SourceLookup find_source(prometheus::Client& store, const std::string& selector, Time at, std::stop_token stop) {
  const auto answer = store.query(question(selector), at, stop);
  prometheus::require_whole(answer);
  const Found found = found_in(answer);
  SourceLookup lookup{.why = "no series of a known name counts its requests", .durations = durations_in(found)};
  for (const auto& counter : kCounters) {
    const auto series = found.find(counter.name);
    if (series == found.end()) continue;
    const auto* status = status_of(series->second);
    if (status == nullptr) {
      lookup.why = fmt::format("{} has no label that tells how a request ended", counter.name);
      continue;
    }
    lookup.source = lookup.durations.value_or(RequestSource{});
    lookup.source->counter = counter.name;
    lookup.source->only = counter.only;
    lookup.source->status = status->name;
    lookup.source->failed = status->failed;
    lookup.why.clear();
    break;
  }
  return lookup;
}

Json to_json(const RequestSource& source) {
  return Json::object({{"counter", source.counter},
                       {"only", source.only},
                       {"status", source.status},
                       {"failed", source.failed},
                       {"buckets", source.buckets},
                       {"per_second", decimal(source.per_second)}});
}

RequestSource source_from_json(const Json& json) {
  return {.counter = json["counter"].string(),
          .only = json["only"].string(),
          .status = json["status"].string(),
          .failed = json["failed"].string(),
          .buckets = json["buckets"].string(),
          .per_second = decimal_from(json["per_second"])};
}

std::string source_text(const RequestSource& source) {
  const std::string durations =
      source.buckets.empty() ? "no histogram of durations" : "durations from " + source.buckets;
  return fmt::format("requests from {}, failed where {}=~\"{}\"; {}", source.counter, source.status, source.failed,
                     durations);
}

}  // namespace baton::judge
