// What counts as watched: gaps, and the moment before the first scrape.
#include "common/judge/replay.h"

#include <gtest/gtest.h>

#include "tests/common/judge/points.h"

namespace baton::judge {
namespace {

using namespace std::chrono_literals;
using test::followed_by;
using test::Seen;
using test::time_of_point;
using test::times;

using Gaps = std::vector<std::pair<Time, Time>>;

const Seen kUnseen{.is_gap = true};

/// Scraped every 15 s, and so waited for up to 37.5 s.
Memory after(const std::vector<Seen>& seen) {
  const Config config;
  Baseline known = test::baseline();
  known.scraped_every = 15s;
  return test::remembered({.config = config, .baseline = known}, seen);
}

TEST(ReplayTest, PodsThatHaveJustComeAreWaitedForUntilTheirFirstScrape) {
  const auto memory = after(followed_by(times(3, kUnseen), 2, {}));
  EXPECT_EQ(memory.gaps, Gaps{});
  EXPECT_EQ(memory.samples, 5);
}

TEST(ReplayTest, WhereItDoesNotComeInTimeNobodyWatchedFromTheBeginning) {
  const auto memory = after(followed_by(times(4, kUnseen), 2, {}));
  EXPECT_EQ(memory.gaps, (Gaps{{time_of_point(0), time_of_point(3)}}));
  EXPECT_EQ(memory.samples, 2);
}

TEST(ReplayTest, WhoWasSeenOnceIsWaitedForNoMore) {
  const auto memory = after(followed_by(times(2, {}), 1, kUnseen));
  EXPECT_EQ(memory.gaps, (Gaps{{time_of_point(2), time_of_point(2)}}));
  EXPECT_EQ(memory.samples, 2);
}

}  // namespace
}  // namespace baton::judge
