// The application inside a pod: it answers, counts, logs, and fails as its release is told to.
#pragma once

#include <atomic>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>
#include <string>

#include "common/io/clock.h"
#include "tests/sandbox/http_server.h"
#include "tests/sandbox/releases.h"
#include "tests/sandbox/traffic.h"

namespace baton::sandbox {

struct AppSettings {
  std::string version;
  std::string pod;
  std::optional<Fault> own_fault = {};  ///< of its environment or annotation; goes before its release's
  Duration start_delay{0};              ///< until it is ready
  Duration work{0};                     ///< that a user's request takes on average when nothing is wrong
};

struct LogLine {
  Time at;
  std::string text;
};

/// Safe to use from several threads.
class App {
 public:
  /// `releases` and `clock` must outlive it.
  App(AppSettings settings, const Releases& releases, const Clock& clock);

  Answer answer(const Question& question);
  std::string exposition(std::string_view labels) const { return traffic_.exposition(labels); }
  bool is_ready() const;
  bool wants_to_crash() const;
  /// SIGTERM: from here on every answer closes its connection, and nobody waits for an injected latency any more.
  void terminate();
  void log(const std::string& text);
  std::vector<LogLine> log_lines() const;

  Time started_at() const { return started_at_; }
  /// Used since the start; a fault of the CPU counts as if that share of `limit` cores had been used.
  double cpu_seconds(double limit);
  /// The fault that is at work now; without the parts that have not begun.
  Fault fault() const;

 private:
  Answer respond(const Question& question);
  Answer respond_to_user(const Question& question);
  void work(std::uint64_t number, Duration latency);

  AppSettings settings_;
  const Releases& releases_;
  const Clock& clock_;
  Time started_at_;
  std::atomic<bool> is_terminating_ = false;
  std::atomic<std::int64_t> cpu_nanoseconds_ = 0;
  std::atomic<std::uint64_t> users_ = 0;
  Traffic traffic_;
  mutable std::mutex mutex_;
  double forced_cpu_seconds_ = 0;
  Time forced_until_;
  std::condition_variable ending_;
  std::deque<LogLine> lines_;
};

}  // namespace baton::sandbox
