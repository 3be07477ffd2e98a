// The exposition of invented pods.
#include "tests/common/judge/history.h"

#include <array>
#include <map>

namespace baton::judge::test {
namespace {

constexpr Duration kStretch = std::chrono::seconds(5);
constexpr std::array kBuckets = {0.025, 0.05, 0.1, 0.2, 0.4, 0.8, 1.6};

/// Samples by series; a family's series must stand together.
class Exposition {
 public:
  void add(const std::string& family, const std::string& series, double value, Time time) {
    families_[family][series] += series + " " + std::to_string(value) + " " + to_unix_seconds(time) + "\n";
  }
  std::string text() const {
    static const std::map<std::string, std::string> kTypes = {{"http_request_duration_seconds", "histogram"},
                                                              {"container_cpu_usage_seconds", "counter"}};
    std::string all;
    for (const auto& [family, series] : families_) {
      const auto type = kTypes.find(family);
      const bool is_counter = series.begin()->first.starts_with(family + "_total{");
      all += "# TYPE " + family + " " + (is_counter ? "counter" : type == kTypes.end() ? "gauge" : type->second) + "\n";
      for (const auto& [name, lines] : series) all += lines;
    }
    return all;
  }

 private:
  std::map<std::string, std::map<std::string, std::string>> families_;
};

struct PodState {
  double good = 0;
  double bad = 0;
  double cpu_seconds = 0;
  std::array<double, kBuckets.size()> buckets{};
};

void grow(PodState& state, const Episode& episode, double requests, double seconds) {
  state.bad += requests * episode.errors / 100;
  state.good += requests * (1 - episode.errors / 100);
  state.cpu_seconds += seconds * episode.cpu / 100;
  for (std::size_t i = 0; i < kBuckets.size(); ++i) {
    if (episode.latency <= kBuckets[i]) state.buckets[i] += requests;
  }
}

std::string labels(const std::string& pod) { return R"(namespace="production",pod=")" + pod + "\""; }

void scrape_requests(Exposition& to, const std::string& in, const PodState& state, Time time, const Naming& naming) {
  const bool is_counter = naming.counter.ends_with("_total");
  const std::string family = is_counter ? naming.counter.substr(0, naming.counter.size() - 6) : naming.counter;
  const auto series = [&](const std::string& status) {
    return naming.counter + "{" + in + naming.more + "," + naming.status + "=\"" + status + "\"}";
  };
  to.add(family, series(naming.good), state.good, time);
  if (state.bad > 0) to.add(family, series(naming.failed), state.bad, time);
  for (std::size_t i = 0; i < kBuckets.size(); ++i) {
    to.add("http_request_duration_seconds",
           "http_request_duration_seconds_bucket{" + in + naming.more + ",le=\"" + std::to_string(kBuckets[i]) + "\"}",
           state.buckets[i], time);
  }
  to.add("http_request_duration_seconds", "http_request_duration_seconds_bucket{" + in + naming.more + ",le=\"+Inf\"}",
         state.good + state.bad, time);
}

void scrape(Exposition& to, const std::string& pod, const PodState& state, const Episode& episode, Time time,
            const Naming& naming) {
  const std::string in = labels(pod);
  if (episode.counts_requests) scrape_requests(to, in, state, time, naming);
  const std::string container = in + ",container=\"app\"";
  to.add("container_cpu_usage_seconds", "container_cpu_usage_seconds_total{" + container + "}", state.cpu_seconds,
         time);
  to.add("container_spec_cpu_quota", "container_spec_cpu_quota{" + container + "}", 100000, time);
  to.add("container_spec_cpu_period", "container_spec_cpu_period{" + container + "}", 100000, time);
  to.add("container_memory_working_set_bytes", "container_memory_working_set_bytes{" + container + "}",
         episode.memory * 1e6, time);
  to.add("container_spec_memory_limit_bytes", "container_spec_memory_limit_bytes{" + container + "}", 100e6, time);
}

}  // namespace

const std::vector<Naming>& producers() {
  static const std::vector<Naming> all = {
      {},
      {.status = "code"},
      {.status = "status_code"},
      {.status = "http_status"},
      {.status = "status", .failed = "5xx", .good = "2xx"},
      {.counter = "http_server_requests_seconds_count"},
      {.counter = "http_server_request_duration_seconds_count", .status = "http_response_status_code"},
      {.counter = "http_server_request_duration_count", .status = "http_response_status_code"},
      {.counter = "http_server_duration_milliseconds_count", .status = "http_status_code"},
      {.counter = "http_requests_received_total", .status = "code"},
      {.counter = "http_request_duration_seconds_count", .status = "status_code"},
      {.counter = "starlette_requests_total", .status = "status_code"},
      {.counter = "flask_http_request_total"},
      {.counter = "istio_requests_total", .status = "response_code", .more = R"(,reporter="destination")"},
      {.counter = "envoy_cluster_upstream_rq_xx", .status = "envoy_response_code_class", .failed = "5", .good = "2"},
      {.counter = "traefik_service_requests_total", .status = "code"},
      {.counter = "nginx_ingress_controller_requests"},
  };
  return all;
}

std::string openmetrics(const std::vector<PodHistory>& pods) {
  Exposition exposition;
  for (const auto& history : pods) {
    PodState state;
    Time time = history.from;
    for (const auto& episode : history.episodes) {
      for (Duration done{0}; done < episode.length; done += kStretch, time += kStretch) {
        const bool is_scraped = (time - history.from) % history.scraped_every == Duration{0};
        if (episode.scraped && is_scraped) scrape(exposition, history.pod, state, episode, time, history.naming);
        grow(state, episode, history.requests_per_second * 5, 5);
      }
    }
  }
  return exposition.text();
}

Scope scope_of(std::string_view colour, std::vector<std::string> pods) {
  return {.app = "shop",
          .namespace_ = "production",
          .colour = std::string(colour),
          .version = "v1.6.0",
          .deployment = "shop-" + std::string(colour),
          .pods = std::move(pods)};
}

}  // namespace baton::judge::test
