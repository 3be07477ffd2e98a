// A thread that shuts a socket down in time.
#include "common/io/watchdog.h"

#include <sys/socket.h>

namespace baton {

Watchdog::Watchdog(Duration limit, std::stop_token stop)
    : limit_(limit),
      stop_(stop),
      on_stop_(stop, [this] { bite(); }),
      thread_([this](std::stop_token end) { wait(std::move(end)); }) {}

Watchdog::~Watchdog() = default;

void Watchdog::guard(int socket) {
  const std::lock_guard lock(mutex_);
  socket_ = socket;
  if (bitten_ && socket_ >= 0) ::shutdown(socket_, SHUT_RDWR);
}

void Watchdog::restart(Duration limit) {
  {
    const std::lock_guard lock(mutex_);
    limit_ = limit;
    ++generation_;
  }
  changed_.notify_all();
}

void Watchdog::wait(std::stop_token end) {
  std::unique_lock lock(mutex_);
  while (!end.stop_requested()) {
    const unsigned generation = generation_;
    const bool restarted = changed_.wait_for(lock, end, limit_, [&] { return generation != generation_; });
    if (restarted || end.stop_requested()) continue;
    lock.unlock();
    bite();
    return;
  }
}

void Watchdog::bite() {
  const std::lock_guard lock(mutex_);
  bitten_ = true;
  // Only a shutdown is safe under a thread that reads: closing would free the number under it.
  if (socket_ >= 0) ::shutdown(socket_, SHUT_RDWR);
}

}  // namespace baton
