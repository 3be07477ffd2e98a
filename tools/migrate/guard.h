// Ends a running statement on the server when its time is over or the run is stopped.
#pragma once

#include <atomic>
#include <functional>
#include <stop_token>
#include <thread>

#include "common/clients/database/database.h"
#include "common/io/clock.h"

namespace baton::migrate {

class StatementGuard {
 public:
  enum class Reason { none, budget, stopped };
  struct Limits {
    Duration end;  ///< on the clock's monotonic time
    std::stop_token stop = {};
    std::function<void()> on_tick = {};  ///< a few times a second, from another thread
  };

  /// `database` and `clock` must outlive it.
  StatementGuard(database::Database& database, Clock& clock, Limits limits);
  /// Nothing is cancelled any more; then why something was.
  Reason finish();

 private:
  void watch(const std::stop_token& finished);
  Reason look() const;

  database::Database& database_;
  Clock& clock_;
  Limits limits_;
  std::atomic<Reason> reason_{Reason::none};
  std::jthread thread_;
};

}  // namespace baton::migrate
