// A thread that shuts a socket down in time.
#include "common/io/http/watchdog.h"

#include <fcntl.h>
#include <sys/socket.h>

#include <algorithm>

#include "common/core/error.h"

namespace baton {
namespace {

// Looked at again at least this often; condition variables take no infinity.
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
      thread_([this](const std::stop_token& end) { watch(end); }) {}

Watchdog::~Watchdog() = default;

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
  {
    const std::lock_guard lock(mutex_);
    silence_ = silence;
    ++generation_;
  }
  changed_.notify_all();
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

void Watchdog::watch(const std::stop_token& end) {
  std::unique_lock lock(mutex_);
  while (!end.stop_requested() && bite_ == Bite::none) {
    const Duration now = clock_.monotonic();
    Duration next{};
    const Bite why = due(now, next);
    if (why != Bite::none) return bite_now(why);
    const unsigned generation = generation_;
    // The clock cuts off the fraction of the last millisecond.
    changed_.wait_for(lock, end, next - now + Duration(1), [&] { return generation != generation_; });
  }
}

void Watchdog::bite_now(Bite why) {
  if (bite_ == Bite::none) bite_ = why;
  // Only a shutdown is safe under a thread that reads: closing would free the number under it.
  if (socket_.is_open()) ::shutdown(socket_.number(), SHUT_RDWR);
}

}  // namespace baton
