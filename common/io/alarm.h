// Calls that come at a time, all from one thread of the process.
#pragma once

#include <functional>
#include <map>
#include <optional>

#include "common/io/clock.h"

namespace baton {

/// Rings while it lives. It costs a thread nothing: a request sets one for a time that it seldom reaches.
class Alarm {
 public:
  /// Called when its time has come, on the alarms' thread: be short, set and end no alarm. Says when to come again,
  /// never when nothing is returned.
  using Ring = std::function<std::optional<Duration>(Duration now)>;

  /// `at` is SystemClock's monotonic time.
  Alarm(Duration at, Ring ring);
  /// Waits for a ring under way.
  ~Alarm();
  Alarm(const Alarm&) = delete;
  Alarm& operator=(const Alarm&) = delete;

  /// Comes no later than this.
  void come_by(Duration at);

 private:
  friend class Alarms;
  using Place = std::multimap<Duration, Alarm*>::iterator;

  Ring ring_;
  std::optional<Place> place_ = {};
};

}  // namespace baton
