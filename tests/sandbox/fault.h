// Faults on request: what is wrong with a release.
#pragma once

#include <string_view>

#include "common/core/time.h"

namespace baton::sandbox {

struct Fault {
  double errors = 0;       ///< share of the requests that is answered with 500, 0 to 1
  Duration latency{0};     ///< added to each of them
  Duration after{0};       ///< all but slow-start begin so long after the start, or after they were set
  Duration until{0};       ///< it is over so long after the pod's start; 0: never
  Duration slow_start{0};  ///< added before it is ready
  bool crash_loop = false;
  bool never_ready = false;
  bool sidecar_crash = false;  ///< containers but the first restart every second, so fast that the pod stays ready
  bool one_pod = false;        ///< only the first pod of the release has it
  double cpu = 0;              ///< percent of the limit that it is seen to use, 0: what it really uses
  double memory = 0;           ///< likewise
};

/// "errors=8% after=30s", "latency=800ms until=60s", "crash-loop", "slow-start=20s", "never-ready", "sidecar-crash",
/// "one-pod", "cpu=97%", "memory=96%"; pieces parted by blanks, empty: none. Throws std::invalid_argument naming the
/// piece.
Fault parse_fault(std::string_view text);

/// Health, version and metrics keep working in a release that fails its users: only the paths behind them are hit.
bool is_hit(std::string_view path);

}  // namespace baton::sandbox
