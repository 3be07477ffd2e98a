// The clock: the only place that reads or waits for time. Tests turn a ManualClock by hand.
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <stop_token>

#include "common/core/time.h"

namespace baton {

class Clock {
 public:
  virtual ~Clock() = default;
  virtual Time now() const = 0;
  /// Never goes back; for measuring. Since an arbitrary start.
  virtual Duration monotonic() const = 0;
  /// False when `stop` was requested before `duration` was over.
  virtual bool sleep_for(Duration duration, std::stop_token stop) = 0;
};

class SystemClock final : public Clock {
 public:
  Time now() const override;
  Duration monotonic() const override;
  bool sleep_for(Duration duration, std::stop_token stop) override;
};

/// Stands still until turned; sleeping turns it at once.
class ManualClock final : public Clock {
 public:
  explicit ManualClock(Time start) : now_(start) {}
  Time now() const override;
  Duration monotonic() const override;
  bool sleep_for(Duration duration, std::stop_token stop) override;
  void advance(Duration duration);

 private:
  mutable std::mutex mutex_;
  Time now_;
  Duration elapsed_{0};
};

}  // namespace baton
