// Who is still looking, said while it lasts.
#pragma once

#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "common/io/alarm.h"
#include "common/step/env.h"

namespace baton::precheck {

/// From its making on the log is told every second which checks are under way, and how many are over.
class RunningChecks {
 public:
  RunningChecks(const View& env, std::size_t count);

  void begin(std::string_view id);
  void end(std::string_view id);
  /// "node-cpu, coverage (12 of 60 checks are over)"; empty while none runs.
  std::string text() const;

 private:
  Duration ring(Duration now);

  Log& log_;
  Duration begun_;
  Duration until_;
  std::size_t count_;
  mutable std::mutex mutex_ = {};
  std::vector<std::string> running_ = {};
  std::size_t over_ = 0;
  Alarm alarm_;  ///< last: it rings only while all else is there
};

}  // namespace baton::precheck
