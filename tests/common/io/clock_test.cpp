// The system's clock and the one turned by hand.
#include "common/io/clock.h"

#include <gtest/gtest.h>

#include <thread>

namespace baton {
namespace {

using namespace std::chrono_literals;
constexpr Time kStart{std::chrono::seconds(1'762'264'800)};

TEST(ManualClockTest, StandsStillUntilTurned) {
  ManualClock clock(kStart);
  EXPECT_EQ(clock.now(), kStart);
  clock.advance(90s);
  EXPECT_EQ(clock.now(), kStart + 90s);
  EXPECT_EQ(clock.monotonic(), 90s);
}

TEST(ManualClockTest, SleepingTurnsItAtOnce) {
  ManualClock clock(kStart);
  EXPECT_TRUE(clock.sleep_for(24h, {}));
  EXPECT_EQ(clock.now(), kStart + 24h);
}

TEST(ManualClockTest, DoesNotSleepWhenStopped) {
  ManualClock clock(kStart);
  std::stop_source source;
  source.request_stop();
  EXPECT_FALSE(clock.sleep_for(1h, source.get_token()));
  EXPECT_EQ(clock.now(), kStart);
}

TEST(SystemClockTest, SleepsAsLongAsTold) {
  SystemClock clock;
  const Duration begin = clock.monotonic();
  EXPECT_TRUE(clock.sleep_for(30ms, {}));
  EXPECT_GE(clock.monotonic() - begin, 30ms);
  EXPECT_TRUE(clock.sleep_for(0ms, {}));
  EXPECT_TRUE(clock.sleep_for(-5s, {}));
}

TEST(SystemClockTest, WakesWhenStopped) {
  SystemClock clock;
  std::stop_source source;
  const Duration begin = clock.monotonic();
  const std::jthread stopper([&] { source.request_stop(); });
  EXPECT_FALSE(clock.sleep_for(1h, source.get_token()));
  EXPECT_LT(clock.monotonic() - begin, 5s);
}

TEST(SystemClockTest, KnowsTheYear) {
  EXPECT_GT(SystemClock().now(), kStart - 24h * 365);
  EXPECT_LT(SystemClock().now(), kStart + 24h * 365 * 50);
}

}  // namespace
}  // namespace baton
