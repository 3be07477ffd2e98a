// What counts as watched: gaps, and the moment before the first scrape.
#include "common/judge/replay.h"

#include <gtest/gtest.h>

#include <random>

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

/// Two hours of a service that hiccups, is missed by scrapes, and sleeps at times.
std::vector<Point> troubled_points(std::mt19937& random) {
  std::vector<test::Seen> seen;
  for (int at = 0; at < 480; ++at) {
    const double busy = at / 60 % 2 == 0 ? 3000 : 6;
    seen.push_back({.errors = random() % 40 == 0 ? 30.0 : 0.5,
                    .requests = busy,
                    .latency = 0.1 + 0.001 * static_cast<double>(random() % 300),
                    .cpu = {{"a", 60 + static_cast<double>(random() % 39)}},
                    .memory = {{"a", 50 + static_cast<double>(at) / 12}},
                    .is_gap = random() % 50 == 0});
  }
  return test::points(seen);
}

// Looks that come late, early or by another schedule find the same, through handoffs too.
TEST(ReplayTest, AnyScheduleOfLooksLeavesTheSameMemory) {
  const Config config;
  const Criteria criteria{.config = config, .baseline = test::baseline(), .since = test::time_of_point(0)};
  std::mt19937 random(7);
  const auto points = troubled_points(random);
  Memory late;
  replay(criteria, points, late);
  ASSERT_FALSE(late.breaches.empty());
  for (const std::size_t longest : {std::size_t{1}, std::size_t{3}, std::size_t{40}, std::size_t{300}}) {
    Memory memory;
    for (std::size_t at = 0; at < points.size();) {
      const auto count = std::min(points.size() - at, 1 + random() % longest);
      replay(criteria, std::span(points).subspan(at, count), memory);
      memory = memory_from_json(to_json(memory));
      at += count;
    }
    EXPECT_EQ(to_text(to_json(memory)), to_text(to_json(late))) << "looks of up to " << longest << " points";
  }
}

}  // namespace
}  // namespace baton::judge
