// What counts as watched: gaps, and the moment before the first scrape.
#include "common/judge/replay.h"

#include <gtest/gtest.h>

#include <random>
#include <set>

#include "common/judge/active_rule.h"
#include "common/judge/verdict.h"
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
                    .cpu = {60 + static_cast<double>(random() % 39)},
                    .memory = {50 + static_cast<double>(at) / 12},
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
      const auto first = points.begin() + static_cast<std::ptrdiff_t>(at);
      replay(criteria, {first, first + static_cast<std::ptrdiff_t>(count)}, memory);
      memory = memory_from_json(to_json(memory));
      at += count;
    }
    EXPECT_EQ(to_text(to_json(memory)), to_text(to_json(late))) << "looks of up to " << longest << " points";
    EXPECT_EQ(conclude(criteria, {}, memory).breached, conclude(criteria, {}, late).breached);
  }
}

/// What the rules on requests say of two hours in which nothing changes but how much comes.
std::map<std::string, Truth> truths_at(const Criteria& criteria, const Seen& seen) {
  const auto points = test::points(times(125, seen));
  std::map<std::string, Truth> truths;
  for (const auto& rule : rules()) {
    if (rule.metric.judged_by_counts) truths[rule.id] = ActiveRule(rule, criteria).evaluate(points).truth;
  }
  return truths;
}

TEST(ReplayTest, MoreTrafficNeverMakesAVerdictLessSure) {
  const Config config;
  const Criteria criteria{.config = config, .baseline = test::baseline()};
  std::mt19937 random(11);
  std::set<Truth> told;
  for (int turn = 0; turn < 12; ++turn) {
    Seen seen{.errors = 0.03 + static_cast<double>(random() % 200) / 10,
              .requests = 0.01 + static_cast<double>(random() % 100) / 50};
    seen.latency = 0.02 + static_cast<double>(random() % 300) / 1000;
    auto less = truths_at(criteria, seen);
    for (int doubled = 0; doubled < 8; ++doubled) {
      seen.requests *= 2;
      const auto more = truths_at(criteria, seen);
      for (const auto& [rule, truth] : more) {
        told.insert(truth);
        EXPECT_TRUE(truth != Truth::unknown || less[rule] == Truth::unknown) << rule << " at " << seen.requests;
        EXPECT_TRUE(truth == Truth::yes || less[rule] != Truth::yes)
            << rule << " at " << seen.requests << ", " << seen.errors << " %, " << *seen.latency << " s";
      }
      less = more;
    }
  }
  EXPECT_EQ(told.size(), 3U) << "yes, no and unknown were all seen";
}

/// A gauge that repeats itself: two levels, held for some minutes each, the upper one at the limits.
class Plateaus {
 public:
  explicit Plateaus(std::mt19937& random)
      : random_(random),
        low_(static_cast<double>(random() % 80)),
        high_(94 + static_cast<double>(random() % 5)),
        low_for_(10 + random() % 60),
        high_for_(10 + random() % 60) {}
  double at(std::size_t step) {
    const double noise = static_cast<double>(random_() % 100) / 100;
    return noise + (step % (low_for_ + high_for_) < low_for_ ? low_ : high_);
  }

 private:
  std::mt19937& random_;
  double low_, high_;
  std::size_t low_for_, high_for_;
};

// Whatever the old colour did for an hour the new one may do for two.
TEST(ReplayTest, AReleaseLikeTheOldColourIsNeverRolledBackForItsResources) {
  const Config config;
  std::mt19937 random(5);
  for (int turn = 0; turn < 8; ++turn) {
    for (const std::string metric : {"cpu", "memory"}) {
      Plateaus usage(random);
      prometheus::Answer hour{.series = {{.labels = {{"pod", "a"}}, .samples = {}}}};
      for (std::size_t minute = 0; minute <= 60; ++minute)
        hour.series[0].samples.push_back({time_of_point(4 * minute), usage.at(4 * minute)});
      Criteria criteria{.config = config, .baseline = test::baseline(), .since = time_of_point(0)};
      criteria.baseline.metrics[metric] = usual(hour);
      std::vector<Seen> seen;
      for (std::size_t at = 0; at < 480; ++at) {
        Seen one;
        (metric == "cpu" ? one.cpu : one.memory) = {usage.at(at)};
        seen.push_back(one);
      }
      for (const auto& breach : test::remembered(criteria, seen).breaches)
        EXPECT_FALSE(find_rule(breach.rule)->is_critical()) << turn << ": " << breach.rule << " at " << breach.worst;
    }
  }
}

}  // namespace
}  // namespace baton::judge
