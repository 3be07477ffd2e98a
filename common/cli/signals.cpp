// Signals arrive through a pipe, so that what follows them runs in an ordinary thread.
#include "common/cli/signals.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

namespace baton {
namespace {

constexpr std::array kSignals{SIGINT, SIGTERM, SIGHUP};

// A signal handler can reach nothing but statics: the pipe of the one StopSignals, and whether it was used.
std::atomic<int> pipe_end{-1};
std::atomic<bool> was_signalled{false};

/// A terminal that went away ends a run like whoever asks for it.
constexpr int code_of(int number) { return 128 + (number == SIGHUP ? SIGTERM : number); }

void on_signal(int number) {
  if (was_signalled.exchange(true)) _exit(code_of(number));
  const int before = errno;
  const auto byte = static_cast<unsigned char>(number);
  if (write(pipe_end.load(), &byte, 1) != 1) _exit(code_of(number));
  errno = before;
}

/// The next byte of the pipe; 0 is the destructor's.
int next_byte(int descriptor) {
  unsigned char byte = 0;
  while (read(descriptor, &byte, 1) < 0 && errno == EINTR) {
  }
  return byte;
}

}  // namespace

StopSignals::StopSignals() {
  if (pipe2(pipe_.data(), O_CLOEXEC) != 0) throw Error(ExitCode::error, "cannot make a pipe for signals");
  pipe_end = pipe_[1];
  was_signalled = false;
  struct sigaction action {};
  action.sa_handler = on_signal;
  for (std::size_t i = 0; i < kSignals.size(); ++i) {
    sigaction(kSignals[i], &action, &before_[i]);
    // Who started us may have said that the terminal may go: nohup does.
    const bool is_ignored = kSignals[i] == SIGHUP && before_[i].sa_handler == SIG_IGN;
    if (is_ignored) sigaction(kSignals[i], &before_[i], nullptr);
  }
  // A reader that went away is an error of that write, not the end of a half-done step.
  action.sa_handler = SIG_IGN;
  sigaction(SIGPIPE, &action, &before_.back());
  listener_ = std::jthread([this] {
    if (const int number = next_byte(pipe_[0]); number != 0) stop_for(static_cast<ExitCode>(code_of(number)));
  });
}

StopSignals::~StopSignals() {
  for (std::size_t i = 0; i < kSignals.size(); ++i) sigaction(kSignals[i], &before_[i], nullptr);
  sigaction(SIGPIPE, &before_.back(), nullptr);
  deadline_ = {};
  const unsigned char end = 0;
  if (write(pipe_[1], &end, 1) == 1) listener_.join();
  close(pipe_[0]);
  close(pipe_[1]);
}

void StopSignals::set_deadline(Clock& clock, Duration length) {
  deadline_ = std::jthread([this, &clock, length](const std::stop_token& end) {
    if (clock.sleep_for(length, end)) stop_for(ExitCode::deadline);
  });
}

std::optional<ExitCode> StopSignals::reason() const {
  const int reason = reason_.load();
  return reason == 0 ? std::nullopt : std::optional(static_cast<ExitCode>(reason));
}

void StopSignals::stop_for(ExitCode reason) {
  int none = 0;
  reason_.compare_exchange_strong(none, static_cast<int>(reason));
  source_.request_stop();
}

}  // namespace baton
