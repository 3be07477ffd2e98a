// The line of a watch that goes on.
#include "tools/watch/progress_line.h"

#include <gtest/gtest.h>

#include "common/judge/verdict.h"
#include "tests/common/judge/points.h"

namespace baton::watch {
namespace {

using namespace std::chrono_literals;
using judge::test::Seen;

class ProgressLineTest : public testing::Test {
 protected:
  std::string line(const std::vector<Seen>& seen, Duration after) {
    const auto memory = judge::test::remembered(criteria_, seen);
    const auto look = judge::conclude(criteria_, {}, memory);
    return progress_line(look, memory, phases_, phases_.start + after);
  }

  Config config_;
  Phases phases_{.start = judge::test::time_of_point(0), .config = config_.watch()};
  judge::Criteria criteria_{.config = config_, .baseline = judge::test::baseline()};
};

TEST_F(ProgressLineTest, SaysWhenTheNumbersTheirLimitsAndTheNextLook) {
  EXPECT_EQ(line(std::vector<Seen>(21, Seen{}), 5min),
            "2026-03-01T12:05:00Z intensive phase: healthy; Error Rate 0.5 % (<= 1.5 %), Latency (P95) 100 ms (<= 120 "
            "ms), Request Rate 200 requests/s, Requests of All Colours 200 requests/s (>= 100 requests/s), CPU 40 % "
            "(<= 80 %), Memory 50 % (<= 85 %); next look at "
            "2026-03-01T12:10:00Z");
}

TEST_F(ProgressLineTest, ItsTimesAreWholeSeconds) {
  const auto text = line({Seen{}}, 5min + 999ms);
  EXPECT_EQ(text.rfind("2026-03-01T12:05:00Z intensive", 0), 0U) << text;
  EXPECT_NE(text.find("next look at 2026-03-01T12:10:00Z"), std::string::npos) << text;
}

TEST_F(ProgressLineTest, ARowOfATerminalBeginsWithWhatMustNotBeCut) {
  const auto memory = judge::test::remembered(criteria_, {Seen{}});
  auto look = judge::conclude(criteria_, {}, memory);
  EXPECT_EQ(progress_row(look, memory, phases_.start + 5min, phases_.start + 10min).substr(0, 62),
            "12:05:00 UTC, next look 12:10:00: Error Rate 0.5 % (<= 1.5 %),");
  look = judge::blind(criteria_, {}, memory, "the store is away");
  EXPECT_EQ(progress_row(look, memory, phases_.start + 5min, phases_.start + 10min),
            "12:05:00 UTC, next look 12:10:00: blind: the store is away");
}

TEST_F(ProgressLineTest, SaysWhyItIsNotHealthy) {
  const auto text = line(judge::test::followed_by({10, Seen{}}, 21, {.errors = 3}), 8min);
  EXPECT_NE(text.find("intensive phase: error rate: 3 % since 2026-03-01T12:02:30Z; expected <= 1.5 %"),
            std::string::npos)
      << text;
  EXPECT_NE(text.find("; Error Rate 3 % (<= 1.5 %), "), std::string::npos) << text;
}

TEST_F(ProgressLineTest, AMetricThatWasNotMeasuredIsNotShown) {
  EXPECT_EQ(line({}, 1min).find("CPU"), std::string::npos);
  EXPECT_NE(line({}, 1min).find("; nothing was measured yet; next look at 2026-03-01T12:06:00Z"), std::string::npos);
}

TEST_F(ProgressLineTest, TheLimitIsTheCriticalOneWhereNothingWarns) {
  config_.watch().limits.at("cpu").warn.reset();
  EXPECT_NE(line({Seen{}}, 1min).find("CPU 40 % (<= 95 %)"), std::string::npos) << line({Seen{}}, 1min);
}

TEST_F(ProgressLineTest, OnATerminalTheNextLookStaysUntilItIsThere) {
  const auto memory = judge::test::remembered(criteria_, {Seen{}});
  const auto look = judge::conclude(criteria_, {}, memory);
  testing::internal::CaptureStderr();
  {
    Log log({.tool = "watch", .live = true});
    ProgressLines lines(log);
    for (const Duration after : {0s, 15s}) lines.say(look, memory, phases_, phases_.start + after);
  }
  const auto text = testing::internal::GetCapturedStderr();
  EXPECT_NE(text.find("12:00:15 UTC, next look 12:05:00: "), std::string::npos) << text;
}

TEST_F(ProgressLineTest, InALogTheLineComesInThePhasesRhythm) {
  const auto memory = judge::test::remembered(criteria_, {Seen{}});
  const auto look = judge::conclude(criteria_, {}, memory);
  testing::internal::CaptureStderr();
  {
    Log log({.tool = "watch"});
    ProgressLines lines(log);
    for (const Duration after : {0s, 15s, 299s, 300s}) lines.say(look, memory, phases_, phases_.start + after);
  }
  const auto text = testing::internal::GetCapturedStderr();
  EXPECT_EQ(std::ranges::count(text, '\n'), 2) << text;
}

}  // namespace
}  // namespace baton::watch
