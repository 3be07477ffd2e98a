// Ends blocking socket calls when their time is over or somebody wants to stop: Poco's timeouts are per read only.
#pragma once

#include <atomic>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <stop_token>
#include <thread>

#include "common/core/time.h"

namespace baton {

class Watchdog {
 public:
  /// Bites after `limit`, or at once when `stop` is requested.
  Watchdog(Duration limit, std::stop_token stop);
  ~Watchdog();
  Watchdog(const Watchdog&) = delete;
  Watchdog& operator=(const Watchdog&) = delete;

  /// The socket to shut down when it bites; -1: none. Must be called with -1 before the socket is closed.
  void guard(int socket);
  /// Starts the limit anew.
  void restart(Duration limit);
  bool has_bitten() const { return bitten_; }

 private:
  void wait(std::stop_token end);
  void bite();

  std::mutex mutex_;
  std::condition_variable_any changed_;
  Duration limit_;
  std::stop_token stop_;
  unsigned generation_ = 0;
  int socket_ = -1;
  std::atomic<bool> bitten_ = false;
  std::stop_callback<std::function<void()>> on_stop_;
  std::jthread thread_;
};

}  // namespace baton
