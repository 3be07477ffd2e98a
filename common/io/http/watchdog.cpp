// Shuts a socket down in time.
#include "common/io/http/watchdog.h"

#include <fcntl.h>
#include <sys/socket.h>

#include <algorithm>

#include "common/core/error.h"

namespace baton {
namespace {

// Looked at again at least this often.
constexpr Duration kLongestWait = std::chrono::hours(1);

}  // namespace

Watchdog::Watchdog(Duration limit, Duration left, std::stop_token stop)
    : limit_(limit),
      deadline_(clock_.monotonic() + left),
      stop_(std::move(stop)),
      on_stop_(stop_,
               [this] {
                 const std::lock_guard lock(mutex_);
                 bite_now(Bite::stopped);
               }),
      alarm_(clock_.monotonic() + left, [this](Duration now) { return look(now); }) {}

void Watchdog::guard(int socket) {
  const std::lock_guard lock(mutex_);
  socket_ = Descriptor(::fcntl(socket, F_DUPFD_CLOEXEC, 3));
  if (!socket_.is_open()) throw Error(ExitCode::error, "cannot watch a connection: too many open files");
  if (bite_ != Bite::none) ::shutdown(socket, SHUT_RDWR);
}

void Watchdog::release() {
  const std::lock_guard lock(mutex_);
  socket_.close();
}

void Watchdog::allow_silence(Duration silence) {
  silence_ = silence;
  alarm_.come_by(clock_.monotonic() + silence);
}

void Watchdog::wait_begins() { waiting_since_ = clock_.monotonic().count(); }
void Watchdog::wait_ends() { waiting_since_ = kNotWaiting; }

void Watchdog::lift_deadline() {
  const std::lock_guard lock(mutex_);
  deadline_.reset();
}

Duration Watchdog::left() const {
  const std::lock_guard lock(mutex_);
  if (!deadline_) return kLongestWait;
  return std::max(*deadline_ - clock_.monotonic(), Duration::zero());
}

Watchdog::Bite Watchdog::due(Duration now, Duration& next) const {
  next = now + kLongestWait;
  if (deadline_) next = std::min(next, *deadline_);
  if (deadline_ && now >= *deadline_) return Bite::deadline;
  if (silence_.load() == Duration::zero()) return Bite::none;
  // While nobody waits it is looked at once in every silence: a wait that begins then ends no earlier.
  const Duration::rep since = waiting_since_;
  const Duration silent_until = (since == kNotWaiting ? now : Duration(since)) + silence_.load();
  next = std::min(next, silent_until);
  return now >= silent_until ? Bite::silence : Bite::none;
}

std::optional<Duration> Watchdog::look(Duration now) {
  const std::lock_guard lock(mutex_);
  if (bite_ != Bite::none) return std::nullopt;
  Duration next{};
  const Bite why = due(now, next);
  if (why == Bite::none) return next;
  bite_now(why);
  return std::nullopt;
}

void Watchdog::bite_now(Bite why) {
  if (bite_ == Bite::none) bite_ = why;
  // Only a shutdown is safe under a thread that reads: closing would free the number under it.
  if (socket_.is_open()) ::shutdown(socket_.number(), SHUT_RDWR);
}

}  // namespace baton
