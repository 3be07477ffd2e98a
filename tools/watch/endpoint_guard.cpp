// Looks at the Service's endpoints.
#include "tools/watch/endpoint_guard.h"

#include <algorithm>

#include "common/rollout/serving.h"

namespace baton::watch {
namespace {

constexpr Duration kRhythm = std::chrono::seconds(5);
constexpr Duration kSecondLook = std::chrono::seconds(2);

}  // namespace

bool EndpointGuard::has_endpoints() {
  try {
    return rollout::has_ready_endpoint(watched_.context, watched_.move.service);
  } catch (const Error& error) {
    if (error.code() != ExitCode::unknown) throw;
    return true;
  }
}

EndpointGuard::State EndpointGuard::look() {
  const View& env = watched_.env;
  if (has_endpoints() || !env.clock.sleep_for(kSecondLook, env.stop) || has_endpoints()) return State::served;
  try {
    return rollout::suffers_too(watched_.context, watched_.move) ? State::lost_both : State::lost;
  } catch (const Error& error) {
    if (error.code() != ExitCode::unknown) throw;
    return State::served;  // until the cluster can be asked again
  }
}

void EndpointGuard::rest(Duration step) {
  const View& env = watched_.env;
  const Duration until = env.clock.monotonic() + step;
  for (Duration left = step; left > Duration{0}; left = until - env.clock.monotonic()) {
    if (!env.clock.sleep_for(std::min(left, kRhythm), env.stop)) return;
    if (left > kRhythm && !has_endpoints()) return;
  }
}

Finding nobody_serves(const std::string& message) {
  return {.id = "endpoints-ready",
          .sop = "3",
          .title = "Somebody serves",
          .critical = true,
          .outcome = Outcome::fail,
          .observed = Measured(0, "endpoints"),
          .expected = Expected(">=", Measured(1, "endpoints")),
          .message = message};
}

}  // namespace baton::watch
