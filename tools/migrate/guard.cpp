// A thread beside the statement.
#include "tools/migrate/guard.h"

namespace baton::migrate {
namespace {

constexpr Duration kTick = std::chrono::milliseconds(100);

}  // namespace

StatementGuard::StatementGuard(database::Database& database, Clock& clock, Limits limits)
    : database_(database), clock_(clock), limits_(std::move(limits)) {
  thread_ = std::jthread([this](const std::stop_token& finished) { watch(finished); });
}

StatementGuard::Reason StatementGuard::finish() {
  thread_.request_stop();
  if (thread_.joinable()) thread_.join();
  return reason_;
}

StatementGuard::Reason StatementGuard::look() const {
  if (limits_.stop.stop_requested()) return Reason::stopped;
  return clock_.monotonic() >= limits_.end ? Reason::budget : Reason::none;
}

void StatementGuard::watch(const std::stop_token& finished) {
  do {
    if (reason_ == Reason::none) reason_ = look();
    // Again and again: a cancel that arrives between two statements is lost.
    if (reason_ != Reason::none) database_.cancel();
    if (limits_.on_tick) limits_.on_tick();
  } while (clock_.sleep_for(kTick, finished));
}

}  // namespace baton::migrate
