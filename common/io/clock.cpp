// The system's clock, and one that tests turn by hand.
#include "common/io/clock.h"

namespace baton {

Time SystemClock::now() const { return std::chrono::floor<Duration>(std::chrono::system_clock::now()); }

Duration SystemClock::monotonic() const {
  return std::chrono::floor<Duration>(std::chrono::steady_clock::now().time_since_epoch());
}

bool SystemClock::sleep_for(Duration duration, std::stop_token stop) {
  std::mutex mutex;
  std::unique_lock lock(mutex);
  std::condition_variable_any never;
  never.wait_for(lock, stop, duration, [] { return false; });
  return !stop.stop_requested();
}

Time ManualClock::now() const {
  const std::lock_guard lock(mutex_);
  return now_;
}

Duration ManualClock::monotonic() const {
  const std::lock_guard lock(mutex_);
  return elapsed_;
}

bool ManualClock::sleep_for(Duration duration, std::stop_token stop) {
  if (stop.stop_requested()) return false;
  advance(duration);
  return true;
}

void ManualClock::advance(Duration duration) {
  const std::lock_guard lock(mutex_);
  now_ += duration;
  elapsed_ += duration;
}

}  // namespace baton
