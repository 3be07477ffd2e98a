// The query of each watched metric, ready to be sent (decisions 4, 33).
#pragma once

#include <string>

#include "common/config/config.h"
#include "common/core/time.h"
#include "common/judge/scope.h"

namespace baton::judge {

struct Queries {
  std::string requests;      ///< counter by pod
  std::string errors;        ///< counter by pod, 5xx only; absent while there was none
  std::string latency_p95;   ///< seconds, over `window`
  std::string request_rate;  ///< requests per second, over `window`
  std::string cpu;           ///< percent by pod: of the limit, else of the request, else of the node
  std::string memory;        ///< percent by pod: of the limit, else of the node
};

/// `window` is what rates are taken over; resources are read over a minute at least, because cadvisor looks every 10-15
/// s.
Queries queries_for(const Config& config, const Scope& scope, Duration window);

/// The shortest stretch that holds enough scrapes for a rate: four steps, 20 s at least.
Duration rate_window(const Config& config);

}  // namespace baton::judge
