// Local time, held against what the system's own database makes of it.
#include "common/core/time_zone.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <ctime>

#include "common/core/error.h"
#include "common/io/env.h"
#include "common/io/files.h"
#include "common/io/zone_file.h"

namespace baton {
namespace {

using namespace std::chrono_literals;

const Environment kNone;

Time at(const std::string& text) { return *parse_rfc3339(text); }

TEST(PosixZoneTest, KnowsZonesWithoutSummerTime) {
  EXPECT_EQ(parse_posix_zone("JST-9")->offset_at(at("2026-07-01T00:00:00Z")), 9h);
  EXPECT_EQ(parse_posix_zone("<+0530>-5:30")->offset_at(at("2026-01-01T00:00:00Z")), 5h + 30min);
  EXPECT_EQ(parse_posix_zone("<-03>3")->offset_at(at("2026-01-01T00:00:00Z")), -3h);
}

TEST(PosixZoneTest, ChangesInTheVerySecond) {
  const auto berlin = *parse_posix_zone("CET-1CEST,M3.5.0,M10.5.0/3");
  EXPECT_EQ(berlin.offset_at(at("2027-03-28T00:59:59Z")), 1h);
  EXPECT_EQ(berlin.offset_at(at("2027-03-28T01:00:00Z")), 2h);
  EXPECT_EQ(berlin.offset_at(at("2027-10-31T00:59:59Z")), 2h);
  EXPECT_EQ(berlin.offset_at(at("2027-10-31T01:00:00Z")), 1h);
}

TEST(PosixZoneTest, SummerSouthOfTheEquatorLastsOverTheTurnOfTheYear) {
  const auto sydney = *parse_posix_zone("AEST-10AEDT,M10.1.0,M4.1.0/3");
  EXPECT_EQ(sydney.offset_at(at("2027-01-01T00:00:00Z")), 11h);
  EXPECT_EQ(sydney.offset_at(at("2027-07-01T00:00:00Z")), 10h);
  EXPECT_EQ(sydney.offset_at(at("2026-12-31T23:59:59Z")), 11h);
}

TEST(PosixZoneTest, DaysMayBeCountedWithAndWithoutLeapDays) {
  const auto without = *parse_posix_zone("AAA0BBB,J60/0,J365/0");  // March 1 of any year
  EXPECT_EQ(without.offset_at(at("2028-02-29T23:59:59Z")), 0h);
  EXPECT_EQ(without.offset_at(at("2028-03-01T00:00:00Z")), 1h);
  const auto with = *parse_posix_zone("AAA0BBB,59/0,364/0");  // February 29, where there is one
  EXPECT_EQ(with.offset_at(at("2028-02-29T00:00:00Z")), 1h);
  EXPECT_EQ(with.offset_at(at("2027-03-01T00:00:00Z")), 1h);
}

TEST(PosixZoneTest, RefusesWhatIsNone) {
  for (const auto* text :
       {"", "C", "CET", "CET-1CEST", "CET-1CEST,M3.5.0", "CET-1CEST,M13.5.0,M10.5.0", "CET-1CEST,M3.6.0,M1.1.0",
        "CET-25", "CET-1CEST,M3.5.7,M10.5.0", "CET-1CEST,J0,J1", "CET-1x", "<CET-1", "CET-1CEST,M3.5.0,M10.5.0/168"})
    EXPECT_FALSE(parse_posix_zone(text)) << text;
}

/// What the C library says, whose code is another.
std::chrono::seconds offset_by_libc(const char* zone, Time time) {
  ::setenv("TZ", zone, 1);
  ::tzset();
  const std::time_t seconds = std::chrono::duration_cast<std::chrono::seconds>(time.time_since_epoch()).count();
  std::tm local = {};
  ::localtime_r(&seconds, &local);
  ::unsetenv("TZ");
  ::tzset();
  return std::chrono::seconds(local.tm_gmtoff);
}

TEST(TimeZoneTest, AgreesWithTheSystemOverAHundredYears) {
  for (const auto* name : {"Europe/Berlin", "America/New_York", "Australia/Sydney", "Asia/Kolkata", "Africa/Casablanca",
                           "America/Sao_Paulo", "Europe/Dublin", "Pacific/Apia", "Asia/Tokyo", "Etc/GMT+3"}) {
    if (!fs::exists(fs::path("/usr/share/zoneinfo") / name)) GTEST_SKIP() << "tzdata is not installed";
    const auto zone = load_zone(name, kNone);
    for (auto time = at("1971-01-01T00:00:00Z"); time < at("2071-01-01T00:00:00Z"); time += 37h)
      ASSERT_EQ(zone.offset_at(time), offset_by_libc(name, time)) << name << " " << to_rfc3339(time);
  }
}

TEST(TimeZoneTest, AnHourThatIsShownTwiceIsTheFirstAndOneThatIsNeverShownIsBehindTheChange) {
  if (!fs::exists("/usr/share/zoneinfo/Europe/Berlin")) GTEST_SKIP() << "tzdata is not installed";
  const auto berlin = load_zone("Europe/Berlin", kNone);
  const auto local = [](const std::string& text) { return LocalTime(at(text).time_since_epoch()); };
  EXPECT_EQ(berlin.to_utc(local("2026-10-25T02:30:00Z")), at("2026-10-25T00:30:00Z"));
  EXPECT_EQ(berlin.to_utc(local("2026-03-29T02:30:00Z")), at("2026-03-29T01:30:00Z"));
  EXPECT_EQ(berlin.to_utc(local("2026-03-29T03:00:00Z")), at("2026-03-29T01:00:00Z"));
  EXPECT_EQ(berlin.to_utc(local("2026-07-01T09:00:00Z")), at("2026-07-01T07:00:00Z"));
  EXPECT_EQ(weekday_and_minutes(berlin.to_local(at("2026-07-01T07:05:00Z"))), "Wed 09:05");
}

TEST(TimeZoneTest, UtcNeedsNoDatabase) {
  const Environment nowhere({{"TZDIR", std::string("/nonexistent")}});
  for (const auto* name : {"UTC", "Z", "Etc/UTC"})
    EXPECT_EQ(load_zone(name, nowhere).offset_at(at("2026-07-01T00:00:00Z")), 0h);
}

TEST(TimeZoneTest, AZoneThatIsNotThereIsUnknownAndNoPathLeadsOut) {
  const TempFolder folder;
  const Environment here({{"TZDIR", folder.path().string()}});
  write_file(folder.path() / "Broken", "no zone");
  for (const auto* name : {"Europe/Atlantis", "Broken", "../etc/passwd", "/etc/passwd", "", "a b"}) {
    try {
      load_zone(name, here);
      FAIL() << name;
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ExitCode::unknown) << name;
      EXPECT_FALSE(error.hint().empty());
    }
  }
}

TEST(TimeZoneTest, AFileThatWasCutIsNone) {
  if (!fs::exists("/usr/share/zoneinfo/Europe/Berlin")) GTEST_SKIP() << "tzdata is not installed";
  const auto whole = read_file(fs::path("/usr/share/zoneinfo/Europe/Berlin"));
  EXPECT_NO_THROW(TimeZone::from_tzif(whole, "whole"));
  for (std::size_t length = 0; length < whole.size(); length += 7)
    EXPECT_THROW(TimeZone::from_tzif(whole.substr(0, length), "cut"), Error) << length;
}

}  // namespace
}  // namespace baton
