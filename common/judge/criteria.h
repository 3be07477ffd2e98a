// What a colour is judged by.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "common/config/config.h"
#include "common/config/sections/watch.h"
#include "common/judge/baseline.h"

namespace baton::judge {

struct Criteria {
  const Config& config;  ///< step, lag and limits
  Baseline baseline = {};
  std::optional<Time> since = {};  ///< when the colour got its traffic; nothing: it is no new one
  /// Metrics that say nothing of this application, by id, each with the reason somebody gave.
  std::map<std::string, std::string> not_applicable = {};

  /// The configuration's own queries as they were when the baseline was measured; where nobody measured, as they are.
  OwnQueries own() const { return baseline.own.empty() ? config.watch().own_queries() : baseline.own; }
  /// Why the metric is not judged; null: it is.
  const std::string* reason_against(std::string_view metric) const {
    const auto reason = not_applicable.find(std::string(metric));
    return reason == not_applicable.end() ? nullptr : &reason->second;
  }
};

}  // namespace baton::judge
