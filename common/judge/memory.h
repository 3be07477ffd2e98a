// What a session remembers between looks; it travels in the handoff's state.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "common/core/json.h"
#include "common/core/time.h"
#include "common/judge/grid.h"
#include "common/judge/proportions.h"

namespace baton::judge {

/// How a rule stands. A gap is neither true nor false: it leaves the clock and adds no sample.
struct Condition {
  std::optional<Time> since = {};  ///< first sample of the run of true ones that `last` belongs to
  Time last{};                     ///< newest true sample
  int samples = 0;                 ///< of that run
  double observed = 0;             ///< at the newest point that could be judged
  std::string why = {};            ///< the newest point could not be judged, and why
  bool is_too_little = false;      ///< because there was too little traffic
  long long known = 0;             ///< points that could be judged
};

/// A stretch in which a rule held for as long as it must.
struct Breach {
  std::string rule;
  Time from{};
  Time to{};
  double worst = 0;
};

/// Running figures of one metric, for the report.
struct Figures {
  double sum = 0;
  double highest = 0;
  double newest = 0;
  long long samples = 0;
  double yesterday = 0;      ///< sum of what the same hours a day before were
  long long yesterdays = 0;  ///< points of which that is known
  double mean() const { return samples > 0 ? sum / static_cast<double>(samples) : 0; }
  double yesterday_mean() const { return yesterdays > 0 ? yesterday / static_cast<double>(yesterdays) : 0; }
};

struct Memory {
  std::optional<Time> judged_until = {};
  /// Whose series were read, the ones that are gone by now too: {{pods}} of the findings' queries.
  std::vector<std::string> pods = {};
  std::map<std::string, Counts> counters = {};  ///< by pod: where its counters stood
  std::vector<Point> tail = {};  ///< what rules look back at, as far as they do; of pods the mean under the empty name
  std::map<std::string, Condition> conditions = {};  ///< by rule
  std::vector<Breach> breaches = {};
  std::vector<std::pair<Time, Time>> gaps = {};  ///< first and last point that nothing was seen at
  std::map<std::string, Figures> figures = {};   ///< by metric
  long long samples = 0;                         ///< points that could be judged, and those before the first scrape
  Counts total = {};
};

Json to_json(const Memory& memory);
/// Null gives an empty one. Throws Error{handoff} on anything that to_json did not write.
Memory memory_from_json(const Json& json);

}  // namespace baton::judge
