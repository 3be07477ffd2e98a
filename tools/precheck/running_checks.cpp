// The list of those under way, told by an alarm.
#include "tools/precheck/running_checks.h"

#include <fmt/format.h>

#include <algorithm>

#include "common/core/text.h"

namespace baton::precheck {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t kNamed = 4;

/// SOP, step 1: 30-45 minutes; the run's own deadline where it has one.
Duration limit_of(const View& env) { return env.deadline ? std::max(*env.deadline - env.clock.now(), 0ms) : 45min; }

}  // namespace

RunningChecks::RunningChecks(const View& env, std::size_t count)
    : log_(env.log),
      begun_(SystemClock().monotonic()),
      until_(limit_of(env)),
      count_(count),
      alarm_(begun_ + 1s, [this](Duration now) { return ring(now); }) {}

void RunningChecks::begin(std::string_view id) {
  const std::scoped_lock lock(mutex_);
  running_.emplace_back(id);
}

void RunningChecks::end(std::string_view id) {
  const std::scoped_lock lock(mutex_);
  std::erase(running_, id);
  ++over_;
}

std::string RunningChecks::text() const {
  const std::scoped_lock lock(mutex_);
  if (running_.empty()) return "";
  auto named = running_;
  named.resize(std::min(named.size(), kNamed));
  const auto more = running_.size() - named.size();
  return fmt::format("{}{} ({} of {} checks are over)", join(named, ", "),
                     more == 0 ? "" : fmt::format(" and {} more", more), over_, count_);
}

Duration RunningChecks::ring(Duration now) {
  if (const auto said = text(); !said.empty()) log_.progress(said, now - begun_, until_);
  return now + 1s;
}

}  // namespace baton::precheck
