// Values that carry their unit.
#include "common/core/units.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace baton {
namespace {

using namespace std::chrono_literals;

TEST(DurationTest, ReadsEveryUnitAndSums) {
  EXPECT_EQ(parse_duration("200ms"), 200ms);
  EXPECT_EQ(parse_duration("15s"), 15s);
  EXPECT_EQ(parse_duration("5m"), 5min);
  EXPECT_EQ(parse_duration("2h"), 2h);
  EXPECT_EQ(parse_duration("7d"), 168h);
  EXPECT_EQ(parse_duration("1h30m"), 90min);
  EXPECT_EQ(parse_duration("0s"), 0s);
}

TEST(DurationTest, AnythingElseIsRefused) {
  for (const char* text : {"", "5", "m", "5 m", "-5m", "+5m", "1.5h", "5M", "30m1h", "1m1m", "5mm", "1w",
                           "99999999999999999999s", "9223372036854775807d", "3650001d"}) {
    EXPECT_FALSE(parse_duration(text)) << text;
  }
  EXPECT_TRUE(parse_duration("3650000d")) << "ten thousand years is the longest";
}

TEST(DurationTest, TheShortestTextReadsBackTheSame) {
  const std::pair<Duration, const char*> forms[] = {
      {0ms, "0s"},  {200ms, "200ms"},    {90s, "1m30s"}, {5min, "5m"},        {90min, "1h30m"}, {24h, "24h"},
      {168h, "7d"}, {1500ms, "1s500ms"}, {36h, "36h"},   {25h + 1s, "25h1s"}, {48h, "2d"}};
  for (const auto& [duration, text] : forms) {
    EXPECT_EQ(to_text(duration), text);
    EXPECT_EQ(parse_duration(text), duration);
  }
}

TEST(DurationTest, IsSpokenForPeople) {
  EXPECT_EQ(to_words(350ms), "350 ms");
  EXPECT_EQ(to_words(1500ms), "1.5 s");
  EXPECT_EQ(to_words(4min + 12s), "4m 12s");
  EXPECT_EQ(to_words(26h), "1d 2h");
}

TEST(PercentTest, NeedsItsSign) {
  EXPECT_EQ(parse_percent("70%"), 70.0);
  EXPECT_EQ(parse_percent("0.5%"), 0.5);
  EXPECT_EQ(parse_percent("150%"), 150.0);
  for (const char* text : {"", "%", "70", "70 %", "-1%", "+1%", "1e2%", "nan%", "inf%", "1.1.1%", "70%%"}) {
    EXPECT_FALSE(parse_percent(text)) << text;
  }
}

TEST(SizeTest, DecimalAndBinaryUnitsDiffer) {
  EXPECT_EQ(parse_size("500MB"), 500'000'000);
  EXPECT_EQ(parse_size("20GiB"), 20LL << 30);
  EXPECT_EQ(parse_size("1024B"), 1024);
  EXPECT_EQ(parse_size("1.5kB"), 1500);
  EXPECT_EQ(parse_size("0.0001B"), 1) << "rounded up";
  for (const char* text : {"", "500", "MB", "5 MB", "-1MB", "5mb", "5Mb", "9223372036854775808B", "99999999TB"}) {
    EXPECT_FALSE(parse_size(text)) << text;
  }
}

TEST(SizeTest, IsShownInTheLargestUnitThatFits) {
  EXPECT_EQ(size_text(0), "0 B");
  EXPECT_EQ(size_text(999), "999 B");
  EXPECT_EQ(size_text(512'345'678), "512.3 MB");
  EXPECT_EQ(size_text(1'000'000'000), "1 GB");
}

TEST(LimitTest, ReadsItsThreeForms) {
  EXPECT_EQ(parse_limit("+5pp"), (Limit{Limit::Kind::plus_points, 5}));
  EXPECT_EQ(parse_limit("+100%"), (Limit{Limit::Kind::plus_share, 100}));
  EXPECT_EQ(parse_limit("95%"), (Limit{Limit::Kind::above, 95}));
  EXPECT_EQ(parse_limit("+0.5pp"), (Limit{Limit::Kind::plus_points, 0.5}));
  for (const char* text : {"", "5", "+5", "5pp", "-5%", "+-5%", "++5%", "+5 %", "95%%", "abc%"})
    EXPECT_FALSE(parse_limit(text)) << text;
}

TEST(LimitTest, StandsToTheBaselineAsItSays) {
  EXPECT_DOUBLE_EQ((Limit{Limit::Kind::plus_points, 5}).threshold(0.5), 5.5);
  EXPECT_DOUBLE_EQ((Limit{Limit::Kind::plus_share, 20}).threshold(200), 240);
  EXPECT_DOUBLE_EQ((Limit{Limit::Kind::above, 95}).threshold(50), 95);
}

TEST(LimitTest, IsWrittenAsItIsRead) {
  for (const char* text : {"+5pp", "+100%", "95%", "+0.25pp"}) EXPECT_EQ(to_text(*parse_limit(text)), text);
}

TEST(NumberTextTest, CutsZerosAndNamesWhatIsNoNumber) {
  EXPECT_EQ(number_text(5.50), "5.5");
  EXPECT_EQ(number_text(5.0), "5");
  EXPECT_EQ(number_text(100), "100");
  EXPECT_EQ(number_text(-0.001), "0");
  EXPECT_EQ(number_text(1.005, 3), "1.005");
  EXPECT_EQ(number_text(std::nan("")), "NaN");
  EXPECT_EQ(number_text(std::numeric_limits<double>::infinity()), "+Inf");
  EXPECT_EQ(number_text(-std::numeric_limits<double>::infinity()), "-Inf");
}

}  // namespace
}  // namespace baton
