// Windows and freezes on the time line.
#include "tools/precheck/team/calendar.h"

#include <gtest/gtest.h>

#include "common/core/error.h"
#include "common/io/files.h"
#include "common/io/zone_file.h"

namespace baton::precheck {
namespace {

using namespace std::chrono_literals;

Time at(const std::string& text) { return *parse_rfc3339(text); }

TimeZone berlin() { return load_zone("Europe/Berlin", Environment{}); }
bool has_zones() { return fs::exists("/usr/share/zoneinfo/Europe/Berlin"); }

bool is_open(const std::string& window, const std::string& time) {
  const auto parsed = parse_window(window);
  return next_opening(parsed, load_zone(parsed.zone, Environment{}), at(time)).contains(at(time));
}

TEST(WindowTest, IsOpenFromItsFirstMinuteToBeforeItsLast) {
  const std::string window = "Mon-Thu 09:00-16:00";
  EXPECT_FALSE(is_open(window, "2026-03-02T08:59:59Z"));  // a Monday
  EXPECT_TRUE(is_open(window, "2026-03-02T09:00:00Z"));
  EXPECT_TRUE(is_open(window, "2026-03-05T15:59:59Z"));
  EXPECT_FALSE(is_open(window, "2026-03-05T16:00:00Z"));
  EXPECT_FALSE(is_open(window, "2026-03-06T12:00:00Z"));  // Friday
  EXPECT_FALSE(is_open(window, "2026-03-01T12:00:00Z"));  // Sunday
}

TEST(WindowTest, FollowsTheClocksOfItsZone) {
  if (!has_zones()) GTEST_SKIP() << "tzdata is not installed";
  const std::string window = "Mon-Sun 09:00-16:00 Europe/Berlin";
  EXPECT_FALSE(is_open(window, "2026-03-28T07:30:00Z"));  // winter: 08:30
  EXPECT_TRUE(is_open(window, "2026-03-29T07:30:00Z"));   // summer began that night: 09:30
  EXPECT_TRUE(is_open(window, "2026-10-24T07:30:00Z"));
  EXPECT_FALSE(is_open(window, "2026-10-25T07:30:00Z"));
}

TEST(WindowTest, MayLastOverMidnightAndOverTheEndOfTheWeek) {
  EXPECT_TRUE(is_open("Sat 22:00-02:00", "2026-03-08T01:59:00Z"));  // Sunday, of Saturday's
  EXPECT_FALSE(is_open("Sat 22:00-02:00", "2026-03-07T01:59:00Z"));
  EXPECT_TRUE(is_open("Fri-Mon 00:00-24:00", "2026-03-02T23:59:00Z"));
  EXPECT_FALSE(is_open("Fri-Mon 00:00-24:00", "2026-03-03T00:00:00Z"));
  EXPECT_TRUE(is_open("mon,wed 09:00-10:00", "2026-03-04T09:00:00Z"));
}

TEST(WindowTest, TheNextOpeningIsNamed) {
  const auto opening = next_opening(parse_window("Mon 09:00-10:00"), TimeZone::utc(), at("2026-03-02T10:00:00Z"));
  EXPECT_EQ(opening.from, at("2026-03-09T09:00:00Z"));
  EXPECT_EQ(opening.until, at("2026-03-09T10:00:00Z"));
}

TEST(WindowTest, RefusesWhatIsNone) {
  for (const auto* text :
       {"", "Mon", "Mon-Thu", "09:00-16:00", "Mon-Thu 9-16", "Mon-Thu 09:00", "Mon-Xxx 09:00-16:00",
        "Mon-Tue-Wed 09:00-16:00", "Mon 09:00-09:00", "Mon 24:00-01:00", "Mon 09:60-10:00", "Mon 09:00-24:01",
        "Mon 09:00-10:00 Europe/Berlin x", "Mon, 09:00-10:00", "Mon -9:00-10:00"}) {
    try {
      parse_window(text);
      FAIL() << text;
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ExitCode::usage) << text;
    }
  }
}

TEST(FreezeTest, HoldsBothItsDays) {
  if (!has_zones()) GTEST_SKIP() << "tzdata is not installed";
  const auto span = span_of(parse_freeze("2026-12-20..2027-01-03 Europe/Berlin"), berlin());
  EXPECT_EQ(span.from, at("2026-12-19T23:00:00Z"));
  EXPECT_EQ(span.until, at("2027-01-03T23:00:00Z"));
  EXPECT_FALSE(span.contains(span.until));
  const auto day = span_of(parse_freeze("2026-12-24"), TimeZone::utc());
  EXPECT_EQ(day.until - day.from, 24h);
}

TEST(FreezeTest, RefusesWhatIsNone) {
  for (const auto* text : {"", "2026-12-20..", "2027-01-03..2026-12-20", "2026-02-30", "20.12.2026",
                           "2026-12-20...2026-12-21", "2026-12-20 UTC x"})
    EXPECT_THROW(parse_freeze(text), Error) << text;
}

}  // namespace
}  // namespace baton::precheck
