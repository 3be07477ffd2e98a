// From time series to a verdict: one colour judged against the baseline by the SOP's Step 3 rules.
#pragma once

#include <map>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "common/clients/prometheus.h"
#include "common/config/config.h"
#include "common/core/finding.h"
#include "common/judge/memory.h"

namespace baton::judge {

/// Whose series are read. `pods` are exact names; queries get them as an anchored regular expression.
struct Scope {
  std::string app;
  std::string namespace_;
  std::string colour;
  std::string version;
  std::string deployment;
  std::vector<std::string> pods;
};

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

struct Point;  // common/judge/grid.h

/// Reads the stretch of `watch.baseline` that ends at `at`. Throws Error{unknown} when the store cannot be asked;
/// absent series are nothing, not an error.
Baseline measure_baseline(prometheus::Client& store, const Config& config, const Scope& scope, Time at,
                          std::stop_token stop = {});

enum class State {
  healthy,
  warning,       ///< a warning rule is true and sustained
  critical,      ///< a critical rule holds in the newest data
  inconclusive,  ///< the store answers, but too few requests came to judge
  blind,         ///< the store cannot be asked or answers partly, or a critical rule has neither baseline nor series:
                 ///< never a reason to roll back
};

struct Look {
  State state = State::blind;
  std::vector<Finding> findings;      ///< one a rule, worst first; observed, limit, baseline and query each
  std::vector<std::string> breached;  ///< ids of the critical rules that hold now
  Time judged_until{};                ///< everything before it has been judged
  double requests = 0;                ///< of this colour since the session's start
  std::optional<Time> onset = {};     ///< first sample of the breach that holds now
  std::string reason = {};            ///< one line: what was seen, against which limit; or why blind or inconclusive
};

/// Judges a colour from `from` on, look by look; late or doubled looks change nothing, because each reads the whole
/// range since the last one. Its memory goes through handoffs.
class Session {
 public:
  Session(const Config& config, Baseline baseline, Scope scope, Time from, const Json& memory = {});
  /// Pods come and go; what one counted stays counted.
  void include_pods(const std::vector<std::string>& pods);
  /// Everything up to `until` less metrics.lag. Never throws for a store that is away: that is State::blind.
  Look look(prometheus::Client& store, Time until, std::stop_token stop = {});
  Json memory() const { return to_json(memory_); }  ///< judged_until, sustained conditions, gaps, past breaches, totals
  /// Share of [from, until] that was judged, 0 … 100; SOP asks for the whole window, finalize for 95.
  double coverage(Time until) const;
  /// True through every sample since `since`: ids of warning rules.
  std::vector<std::string> warnings_throughout(Time since) const;
  /// What was seen so far, for reports: figures by metric, breaches that are over, gaps.
  const Memory& seen() const { return memory_; }

 private:
  Time first_unjudged() const;
  void take(const std::vector<Point>& fresh);

  const Config& config_;
  Baseline baseline_;
  Scope scope_;
  Time from_;
  Memory memory_;
};

/// Whether a rollback brought error rate and P95 back within +1 pp and +20 % of the baseline (decisions 30).
struct Recovery {
  enum class State { back, not_back, inconclusive } state = State::inconclusive;
  std::vector<Finding> findings;
  std::string reason;
};
Recovery judge_recovery(prometheus::Client& store, const Config& config, const Baseline& baseline, const Scope& scope,
                        Time from, Time to, std::stop_token stop = {});

}  // namespace baton::judge
