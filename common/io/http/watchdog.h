// Ends blocking socket calls when their time is over or somebody wants to stop. Poco's own timeouts do not: they count
// anew with every byte, and twice under TLS.
#pragma once

#include <atomic>
#include <functional>
#include <mutex>
#include <optional>
#include <stop_token>

#include "common/core/time.h"
#include "common/io/alarm.h"
#include "common/io/clock.h"
#include "common/io/descriptor.h"

namespace baton {

class Watchdog {
 public:
  enum class Bite { none, stopped, deadline, silence };

  /// Bites once: when what is `left` of the request's `limit` is over, when a wait lasts longer than the silence
  /// allowed, or when `stop` is requested.
  Watchdog(Duration limit, Duration left, std::stop_token stop);
  Watchdog(const Watchdog&) = delete;
  Watchdog& operator=(const Watchdog&) = delete;

  /// The socket to shut down when it bites. It keeps a descriptor of its own, so that a number closed and given to
  /// somebody else is never hit; the connection therefore ends only after `release`.
  void guard(int socket);
  void release();

  /// From here on no single wait may last longer.
  void allow_silence(Duration silence);
  /// Around every blocking call: what we do between two of them is not the peer's silence.
  void wait_begins();
  void wait_ends();
  /// Only silence and `stop` count from here on.
  void lift_deadline();

  Bite bite() const { return bite_; }
  /// Until the deadline; never negative.
  Duration left() const;
  Duration limit() const { return limit_; }
  Duration silence() const { return silence_; }
  const std::stop_token& stop() const { return stop_; }

 private:
  /// Bites, or says when to look again.
  std::optional<Duration> look(Duration now);
  Bite due(Duration now, Duration& next) const;
  void bite_now(Bite why);

  static constexpr Duration::rep kNotWaiting = -1;

  SystemClock clock_;
  mutable std::mutex mutex_;
  Duration limit_;
  std::optional<Duration> deadline_;
  std::atomic<Duration> silence_ = Duration::zero();  ///< zero: any
  std::atomic<Duration::rep> waiting_since_ = kNotWaiting;
  Descriptor socket_;
  std::atomic<Bite> bite_ = Bite::none;
  std::stop_token stop_;
  std::stop_callback<std::function<void()>> on_stop_;
  Alarm alarm_;
};

}  // namespace baton
