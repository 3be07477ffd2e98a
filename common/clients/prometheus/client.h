// The Prometheus HTTP API: instant and range queries, rules, alerts.
#pragma once

#include <map>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "common/core/json.h"
#include "common/io/http/client.h"

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
  std::vector<std::string> warnings;  ///< why the answer is partial; notes on the query itself are no reason
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
  /// `data` of /api/v1/rules and /api/v1/alerts as it stands.
  Json rules(std::stop_token stop = {});
  Json alerts(std::stop_token stop = {});

 private:
  std::string name() const;
  HttpResponse send(const HttpRequest& request, std::stop_token stop);
  std::string ask(std::string_view path, const std::string& form, std::stop_token stop);
  Json look(std::string_view path, std::stop_token stop);

  Settings settings_;
  HttpClient http_;
};

/// Throws Error{unknown} when the answer is partial.
void require_whole(const Answer& answer);

/// Vector, matrix and scalar results; `name` says in messages who answered. Throws Error{unknown} on anything else: an
/// error answer, another type, native histograms, values that are no numbers, samples that are not in order of time.
Answer parse_answer(std::string body, std::string_view name);

}  // namespace baton::prometheus
