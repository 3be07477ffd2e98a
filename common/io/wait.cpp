// One wait with its limit.
#include "common/io/wait.h"

#include <algorithm>

#include "common/core/error.h"

namespace baton {

Wait::Wait(Patience patience, std::string what, Duration limit)
    : patience_(std::move(patience)), what_(std::move(what)), limit_(limit), begun_(patience_.clock.monotonic()) {}

bool Wait::pause_unless_stopped(Duration step, std::string_view detail) {
  const Duration lasted = elapsed();
  if (patience_.progress) {
    patience_.progress(detail.empty() ? what_ : what_ + " (" + std::string(detail) + ")", lasted, limit_);
  }
  return patience_.clock.sleep_for(std::clamp(limit_ - lasted, Duration{1}, std::max(step, Duration{1})),
                                   patience_.stop);
}

void Wait::pause(Duration step, std::string_view detail) {
  if (!pause_unless_stopped(step, detail)) require_running(patience_.stop);
}

void require_running(const std::stop_token& stop) {
  if (!stop.stop_requested()) return;
  throw Error(ExitCode::interrupted, "told to stop before the work was done",
              "Run again: what was begun is resumed or undone.");
}

}  // namespace baton
