// The watchdog by itself, on real sockets.
#include "common/io/http/watchdog.h"

#include <gtest/gtest.h>
#include <sys/socket.h>

#include <array>

namespace baton {
namespace {

using namespace std::chrono_literals;

class WatchdogTest : public testing::Test {
 protected:
  WatchdogTest() {
    std::array<int, 2> ends{};
    ::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data());
    ours_ = Descriptor(ends[0]);
    theirs_ = Descriptor(ends[1]);
  }
  /// Blocks until the watchdog ends it.
  void read_for_ever() const {
    char byte = 0;
    EXPECT_EQ(::recv(ours_.number(), &byte, 1, 0), 0);
  }
  bool is_open() const { return ::send(ours_.number(), "x", 1, MSG_NOSIGNAL) == 1; }

  Descriptor ours_;
  Descriptor theirs_;
  SystemClock clock_;
};

TEST_F(WatchdogTest, BitesAtTheDeadline) {
  const Duration begin = clock_.monotonic();
  Watchdog watchdog(60ms, 60ms, {});
  watchdog.guard(ours_.number());
  read_for_ever();
  EXPECT_GE(clock_.monotonic() - begin, 50ms);
  EXPECT_EQ(watchdog.bite(), Watchdog::Bite::deadline);
  EXPECT_EQ(watchdog.left(), 0ms);
}

TEST_F(WatchdogTest, BitesInSilence) {
  Watchdog watchdog(1h, 1h, {});
  watchdog.guard(ours_.number());
  watchdog.allow_silence(60ms);
  watchdog.wait_begins();
  read_for_ever();
  EXPECT_EQ(watchdog.bite(), Watchdog::Bite::silence);
}

TEST_F(WatchdogTest, NobodyWaitingIsNoSilence) {
  Watchdog watchdog(300ms, 300ms, {});
  watchdog.guard(ours_.number());
  watchdog.allow_silence(30ms);
  watchdog.wait_begins();
  watchdog.wait_ends();
  read_for_ever();
  EXPECT_EQ(watchdog.bite(), Watchdog::Bite::deadline);
}

TEST_F(WatchdogTest, BitesWhenStopped) {
  std::stop_source source;
  Watchdog watchdog(1h, 1h, source.get_token());
  watchdog.guard(ours_.number());
  source.request_stop();
  read_for_ever();
  EXPECT_EQ(watchdog.bite(), Watchdog::Bite::stopped);
}

TEST_F(WatchdogTest, BitesWhatComesLate) {
  std::stop_source source;
  source.request_stop();
  Watchdog watchdog(1h, 1h, source.get_token());
  watchdog.guard(ours_.number());
  read_for_ever();
  EXPECT_EQ(watchdog.bite(), Watchdog::Bite::stopped);
}

TEST_F(WatchdogTest, LeavesWhatWasReleased) {
  std::stop_source source;
  Watchdog watchdog(1h, 1h, source.get_token());
  watchdog.guard(ours_.number());
  watchdog.release();
  source.request_stop();
  EXPECT_TRUE(is_open());
}

TEST_F(WatchdogTest, NeverHitsANumberThatSomebodyElseHas) {
  std::stop_source source;
  Watchdog watchdog(1h, 1h, source.get_token());
  const int number = ::dup(theirs_.number());
  watchdog.guard(number);
  // The guarded socket is closed, and its number goes to the next who opens one.
  ::dup2(ours_.number(), number);
  theirs_.close();
  std::array<int, 2> others{};
  ::socketpair(AF_UNIX, SOCK_STREAM, 0, others.data());
  ::dup2(others[0], number);
  source.request_stop();
  EXPECT_EQ(::send(number, "x", 1, MSG_NOSIGNAL), 1);
  for (const int end : {number, others[0], others[1]}) ::close(end);
}

TEST_F(WatchdogTest, ALiftedDeadlineDoesNotCount) {
  Watchdog watchdog(50ms, 50ms, {});
  watchdog.guard(ours_.number());
  watchdog.lift_deadline();
  watchdog.allow_silence(150ms);
  watchdog.wait_begins();
  read_for_ever();
  EXPECT_EQ(watchdog.bite(), Watchdog::Bite::silence);
}

}  // namespace
}  // namespace baton
