// A history from the store, window by window, judged as though each began with a release.
#pragma once

#include <functional>
#include <map>
#include <stop_token>
#include <string>

#include "common/clients/prometheus/client.h"
#include "common/judge/calibration.h"
#include "common/judge/scope.h"

namespace baton::judge {

/// The SOP's intensive phase: as long a release is rolled back by itself.
inline constexpr Duration kHistoryWindow = std::chrono::hours(2);

struct History {
  /// Whoever served: day_before() of its scope is asked for.
  Scope scope;
  Time from{};
  Time to{};
  Duration window = kHistoryWindow;
  /// Metrics that say nothing of this application, by id, each with the reason somebody gave.
  std::map<std::string, std::string> not_applicable = {};
};

/// As many whole windows as end with the history, newest first; `say` is told before each how many are done, of how
/// many. What the store does not answer is unknown; after three such windows in a row no older one is asked for. Throws
/// Error{interrupted} when stop is requested.
Calibration calibrate(prometheus::Client& store, const Config& config, const History& history,
                      const std::function<void(long long done, long long all)>& say, const std::stop_token& stop);

}  // namespace baton::judge
