// Alarms on the real clock: that they come, in order, again when asked, and not after their end.
#include "common/io/alarm.h"

#include <gtest/gtest.h>

#include <future>
#include <mutex>
#include <thread>

namespace baton {
namespace {

using namespace std::chrono_literals;

class AlarmTest : public testing::Test {
 protected:
  Duration in(Duration wait) const { return clock_.monotonic() + wait; }
  Alarm::Ring note(std::promise<Duration>& rung) const {
    return [&rung](Duration now) -> std::optional<Duration> {
      rung.set_value(now);
      return std::nullopt;
    };
  }

  SystemClock clock_;
};

TEST_F(AlarmTest, ComesAtItsTime) {
  std::promise<Duration> rung;
  const Duration at = in(40ms);
  const Alarm alarm(at, note(rung));
  EXPECT_GE(rung.get_future().get(), at);
}

TEST_F(AlarmTest, WakesTheThreadThatSleepsUntilALaterOne) {
  std::promise<Duration> rung;
  const Alarm late(in(1h), [](Duration) { return std::nullopt; });
  std::this_thread::sleep_for(20ms);  // until the thread sleeps
  const Alarm soon(in(20ms), note(rung));
  EXPECT_EQ(rung.get_future().wait_for(10s), std::future_status::ready);
}

TEST_F(AlarmTest, ComesAgainWhenItSaysSo) {
  std::promise<void> done;
  int rings = 0;
  const Alarm alarm(in(5ms), [&](Duration now) -> std::optional<Duration> {
    if (++rings < 3) return now + 5ms;
    done.set_value();
    return std::nullopt;
  });
  EXPECT_EQ(done.get_future().wait_for(10s), std::future_status::ready);
}

TEST_F(AlarmTest, CanBeBroughtForwardAndNotPutOff) {
  std::promise<Duration> rung;
  Alarm alarm(in(1h), note(rung));
  alarm.come_by(in(20ms));
  alarm.come_by(in(2h));
  EXPECT_EQ(rung.get_future().wait_for(10s), std::future_status::ready);
}

TEST_F(AlarmTest, IsSilentAfterItsEnd) {
  std::promise<Duration> rung;
  { const Alarm alarm(in(30ms), note(rung)); }
  EXPECT_EQ(rung.get_future().wait_for(100ms), std::future_status::timeout);
}

TEST_F(AlarmTest, ManyThreadsSetAndEndThem) {
  std::vector<std::jthread> threads;
  for (int thread = 0; thread < 8; ++thread) {
    threads.emplace_back([this, thread] {
      for (int turn = 0; turn < 200; ++turn) {
        Alarm alarm(in(Duration((thread * turn) % 3)), [](Duration) { return std::nullopt; });
        alarm.come_by(in(0ms));
      }
    });
  }
}

}  // namespace
}  // namespace baton
