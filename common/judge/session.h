// A colour judged look by look.
#pragma once

#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "common/core/finding.h"
#include "common/judge/baseline.h"
#include "common/judge/memory.h"

namespace baton::judge {

struct Point;  // common/judge/grid.h

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

}  // namespace baton::judge
