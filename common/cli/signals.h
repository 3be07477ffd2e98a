// SIGINT, SIGTERM and the deadline as one stop token.
#pragma once

#include <array>
#include <atomic>
#include <csignal>
#include <optional>
#include <stop_token>
#include <thread>

#include "common/core/error.h"
#include "common/io/clock.h"

namespace baton {

/// The first signal asks to stop; a second one ends the process at once. One object at a time.
class StopSignals {
 public:
  StopSignals();
  ~StopSignals();
  StopSignals(const StopSignals&) = delete;
  StopSignals& operator=(const StopSignals&) = delete;

  /// Asks to stop when `length` is over. `clock` must outlive this object.
  void set_deadline(Clock& clock, Duration length);
  std::stop_token token() const { return source_.get_token(); }
  /// Why a stop was asked for: interrupted, terminated or deadline.
  std::optional<ExitCode> reason() const;

 private:
  void stop_for(ExitCode reason);

  std::stop_source source_;
  std::atomic<int> reason_{0};
  std::array<int, 2> pipe_{-1, -1};
  std::array<struct sigaction, 4> before_{};
  std::jthread listener_;
  std::jthread deadline_;
};

}  // namespace baton
