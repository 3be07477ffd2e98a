// Times in the forms that handoffs, logs and file names use.
#include "common/core/time.h"

#include <gtest/gtest.h>

namespace baton {
namespace {

using namespace std::chrono_literals;

const Time kRelease = std::chrono::sys_days(std::chrono::year(2025) / 11 / 4) + 14h;

TEST(TimeTest, IsWrittenInEveryForm) {
  EXPECT_EQ(to_rfc3339(kRelease), "2025-11-04T14:00:00Z");
  EXPECT_EQ(to_rfc3339(kRelease + 7ms), "2025-11-04T14:00:00.007Z");
  EXPECT_EQ(to_date(kRelease), "2025-11-04");
  EXPECT_EQ(to_minutes(kRelease + 59s), "2025-11-04 14:00 UTC");
  EXPECT_EQ(to_log_stamp(kRelease + 5s), "2025-11-04 14:00:05");
  EXPECT_EQ(to_compact_stamp(kRelease + 5s), "20251104140005");
  EXPECT_EQ(to_unix_seconds(kRelease + 123ms), "1762264800.123");
  EXPECT_EQ(to_unix_seconds(Time(-1500ms)), "-1.500");
}

TEST(TimeTest, ReadsWhatItWrites) {
  for (const auto time : {kRelease, kRelease + 1ms, Time(0ms), Time(-1ms)})
    EXPECT_EQ(parse_rfc3339(to_rfc3339(time)), time);
}

TEST(TimeTest, OffsetsAreTakenOff) {
  EXPECT_EQ(parse_rfc3339("2025-11-04T15:30:00+01:30"), kRelease);
  EXPECT_EQ(parse_rfc3339("2025-11-04T09:00:00-05:00"), kRelease);
  EXPECT_EQ(parse_rfc3339("2025-11-04t14:00:00z"), kRelease);
}

TEST(TimeTest, FractionsAreCutToMilliseconds) {
  EXPECT_EQ(parse_rfc3339("2025-11-04T14:00:00.1Z"), kRelease + 100ms);
  EXPECT_EQ(parse_rfc3339("2025-11-04T14:00:00.123999999999999999999Z"), kRelease + 123ms);
}

TEST(TimeTest, DaysThatDoNotExistAreRefused) {
  EXPECT_TRUE(parse_rfc3339("2024-02-29T00:00:00Z"));
  for (const char* text :
       {"2025-02-29T00:00:00Z", "2025-13-01T00:00:00Z", "2025-00-01T00:00:00Z", "2025-04-31T00:00:00Z"}) {
    EXPECT_FALSE(parse_rfc3339(text)) << text;
  }
}

TEST(TimeTest, AnythingElseIsRefused) {
  for (const char* text :
       {"", "2025-11-04", "2025-11-04T14:00:00", "2025-11-04T24:00:00Z", "2025-11-04T14:60:00Z", "2025-11-04T14:00:61Z",
        "2025-11-04T14:00:00.Z", "2025-11-04T14:00:00+24:00", "2025-11-04T14:00:00+0100", "2025-11-04T14:00:00Zx",
        "+025-11-04T14:00:00Z", "2025-11-04T14:-1:00Z", "2025-11-4T14:00:00Z", " 2025-11-04T14:00:00Z"}) {
    EXPECT_FALSE(parse_rfc3339(text)) << text;
  }
}

}  // namespace
}  // namespace baton
