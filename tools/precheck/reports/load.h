// What a report of a load test says, in the words of all formats.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tools/precheck/reading.h"

namespace baton::precheck {

struct LoadReport {
  std::optional<double> p95_ms = {};
  std::optional<double> p99_ms = {};
  P95::Basis basis = P95::Basis::declared;  ///< of p95_ms
  std::optional<double> requests = {};
  std::optional<double> failed = {};  ///< requests
  std::vector<std::string> crossed = {};
};

/// A P99 stands for a P95 that is not told. Without one of them, and without a request, there is a doubt in its place.
/// Throws Error{unknown} "NAME: …" where more requests failed than were made.
LoadResults weigh_load(LoadReport report, std::string_view name);

}  // namespace baton::precheck
