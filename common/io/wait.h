// Waiting: paced, interruptible, limited, and said aloud.
#pragma once

#include <functional>
#include <stop_token>
#include <string>
#include <string_view>

#include "common/io/clock.h"

namespace baton {

/// Told of a wait while it lasts: what for ("3 pods to be ready"), for how long already, how long at most.
using Progress = std::function<void(const std::string& what, Duration since, Duration until)>;

/// What every wait needs of the world.
struct Patience {
  Clock& clock;
  std::stop_token stop = {};
  Progress progress = {};  ///< may be unset
};

/// One wait, from now on.
class Wait {
 public:
  /// `what` goes behind "waiting for"; `limit` is for the whole wait.
  Wait(Patience patience, std::string what, Duration limit);

  bool is_over() const { return elapsed() >= limit_; }
  Duration elapsed() const { return patience_.clock.monotonic() - begun_; }
  /// Says what is waited for, `detail` in brackets behind it, and sleeps `step`, at most until the limit. Throws
  /// Error{interrupted} when stop is requested meanwhile.
  void pause(Duration step, std::string_view detail = {});
  /// The same; false instead of the error.
  bool pause_unless_stopped(Duration step, std::string_view detail = {});

 private:
  Patience patience_;
  std::string what_;
  Duration limit_;
  Duration begun_;
};

/// Throws Error{interrupted} when stop was requested.
void require_running(const std::stop_token& stop);

}  // namespace baton
