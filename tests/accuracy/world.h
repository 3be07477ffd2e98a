// What a service is like, and what a release may do to it: the truth that verdicts are held against.
#pragma once

#include <span>
#include <string_view>

#include "common/core/time.h"

namespace baton::accuracy {

using namespace std::chrono_literals;

/// What comes again and again, before the switch as after it.
struct Recurring {
  Duration every{0};  ///< 0: never
  Duration lasting{0};
  double times = 1;   ///< latency is so many times what it was
  double errors = 0;  ///< percentage points more
};

/// A release that changes nothing: every rollback in it is false.
struct World {
  std::string_view group;
  std::string_view name;
  double rps = 50;
  double swing = 0.3;       ///< of the day's load, to both sides
  double weekend = 1;       ///< the load on Saturdays and Sundays, in times
  double load_noise = 0.1;  ///< standard deviation of its logarithm, over ten minutes
  double errors = 0.5;      ///< percent
  double together = 1;      ///< failed requests that come as one
  double retried = 0;       ///< share of failed requests that come again a step later, and then fail every other time
  double slow_tail = 0;     ///< share of requests that take ten times as long
  double heavy_tail = 0;    ///< share of requests that are Pareto's: most are twice as long, some without end
  double latency_noise = 0.05;
  Duration latency_memory = 2min;
  Recurring recurring = {};
  double warm_up = 1;  ///< latency of the first request, in times; gone after
  Duration warm_up_lasting = 60s;
  bool is_fine = false;   ///< edges a quarter apart, else the client libraries' own
  bool is_young = false;  ///< nobody knows of yesterday
  Duration scraped_every = 15s;
  Duration unscraped_every{0};  ///< on average; then no scrape succeeds for one to three minutes. 0: never
  int pods = 3;
  Duration scaled_every{0};     ///< on average a pod comes or goes. 0: never
  Duration restarted_every{0};  ///< each pod, on average. 0: never
  double cpu = 40;
  double cpu_noise = 4;
  double starting_cpu = 0;  ///< points more in the first seven minutes
  double memory = 50;
  double memory_saw = 0;  ///< a collector's saw-tooth, over twenty minutes
};
std::span<const World> worlds();

/// What a bad release does.
struct Fault {
  std::string_view name;
  Duration from{0};  ///< the switch
  double errors = 0;
  double times = 1;
  double leak = 0;  ///< percentage points of memory a minute
  double load = 1;  ///< requests are so many times what they were
};
std::span<const Fault> faults();

}  // namespace baton::accuracy
