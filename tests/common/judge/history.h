// Writes down what a colour's pods would have told Prometheus.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "common/core/time.h"
#include "common/judge/scope.h"

namespace baton::judge::test {

/// How the pods behave from one moment to the next.
struct Episode {
  Duration length{};
  double errors = 0;      ///< percent of requests
  double latency = 0.05;  ///< seconds, of every request
  double cpu = 40;        ///< percent of the limit
  double memory = 50;
  bool scraped = true;
  bool counts_requests = true;  ///< false: of CPU and memory alone
};

/// What a producer calls what it counts.
struct Naming {
  std::string counter = "http_requests_total";
  std::string status = "status";
  std::string failed = "500";
  std::string good = "200";
  std::string more = {};  ///< further labels of its series: ,reporter="destination"
};

/// Of every producer that is known, one form of its labels each.
const std::vector<Naming>& producers();

struct PodHistory {
  std::string pod;
  Time from{};
  double requests_per_second = 50;
  std::vector<Episode> episodes;
  Naming naming = {};
  Duration scraped_every = std::chrono::seconds(5);  ///< a multiple of 5 s
};

/// OpenMetrics text of all pods, counters from zero at each one's `from`.
std::string openmetrics(const std::vector<PodHistory>& pods);

Scope scope_of(std::string_view colour, std::vector<std::string> pods);

}  // namespace baton::judge::test
