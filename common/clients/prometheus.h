// The Prometheus HTTP API: instant and range queries, rules, alerts.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "common/core/json.h"
#include "common/io/http.h"

namespace baton::prometheus {

struct Sample {
  Time time;
  double value;  ///< NaN and infinities as Prometheus sends them
};

struct Series {
  std::map<std::string, std::string> labels;
  std::vector<Sample> samples;  ///< ascending
};

struct Answer {
  std::vector<Series> series;
  std::vector<std::string> warnings;  ///< any warning makes the answer partial
};

struct Settings {
  std::string url;  ///< of the server, with its path prefix if it has one
  std::string token = {};
  Headers headers = {};
};

class Client {
 public:
  Client(Settings settings, HttpClient http);
  /// Throws Error{unknown}: unreachable, an error answer (with Prometheus's own text), a malformed answer.
  Answer query(std::string_view expression, Time at, std::stop_token stop = {});
  /// Both ends included. Split into several requests where Prometheus's 11,000 points a series would be exceeded.
  Answer query_range(std::string_view expression, Time from, Time to, Duration step, std::stop_token stop = {});
  Json rules(std::stop_token stop = {});
  Json alerts(std::stop_token stop = {});

 private:
  Settings settings_;
  HttpClient http_;
};

/// Vector, matrix and scalar results. Throws Error{unknown} on anything else.
Answer parse_answer(std::string_view body, std::string_view name);

}  // namespace baton::prometheus
