// One wait: its limit, its words, its end.
#include "common/io/wait.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "common/core/error.h"
#include "common/io/stop_after.h"

namespace baton {
namespace {

using namespace std::chrono_literals;

struct Said {
  std::string what;
  Duration since;
  Duration until;
};

TEST(WaitTest, SaysWhatItWaitsForSinceWhenAndUntilWhen) {
  ManualClock clock{Time{}};
  std::vector<Said> said;
  Wait wait({.clock = clock,
             .progress =
                 [&](const std::string& what, Duration since, Duration until) {
                   said.push_back({what, since, until});
                 }},
            "3 pods to be ready", 10s);
  wait.pause(4s);
  wait.pause(4s, "1 of 3");
  ASSERT_EQ(said.size(), 2U);
  EXPECT_EQ(said[0].what, "3 pods to be ready");
  EXPECT_EQ(said[1].what, "3 pods to be ready (1 of 3)");
  EXPECT_EQ(said[1].since, 4s);
  EXPECT_EQ(said[1].until, 10s);
}

TEST(WaitTest, NeverSleepsPastItsLimit) {
  ManualClock clock{Time{}};
  Wait wait({.clock = clock}, "it", 10s);
  wait.pause(9s);
  EXPECT_FALSE(wait.is_over());
  wait.pause(9s);
  EXPECT_TRUE(wait.is_over());
  EXPECT_EQ(clock.monotonic(), 10s);
}

TEST(WaitTest, AStopEndsIt) {
  ManualClock clock{Time{}};
  std::stop_source source;
  source.request_stop();
  Wait wait({.clock = clock, .stop = source.get_token()}, "it", 10s);
  EXPECT_FALSE(wait.pause_unless_stopped(1s));
  EXPECT_THROW(wait.pause(1s), Error);
}

TEST(StopAfterTest, StopsWhenItsTimeIsOverOrItsParentDoes) {
  std::stop_source parent;
  const StopAfter soon(1ms, parent.get_token());
  SystemClock clock;
  EXPECT_FALSE(clock.sleep_for(1h, soon.token()));
  const StopAfter late(1h, parent.get_token());
  EXPECT_FALSE(late.token().stop_requested());
  parent.request_stop();
  EXPECT_TRUE(late.token().stop_requested());
}

}  // namespace
}  // namespace baton
