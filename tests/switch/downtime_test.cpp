// The SOP's "< 0.1% error rate spike", on counts.
#include "tools/switch/downtime.h"

#include <gtest/gtest.h>

namespace baton::cutover {
namespace {

constexpr judge::Counts kBefore{.errors = 0, .requests = 1e6};

TEST(DowntimeTest, ARiseOfATenthOfAPointIsTheLimit) {
  EXPECT_EQ(downtime_of({.errors = 99, .requests = 1e5}, kBefore).outcome, Outcome::pass);
  EXPECT_EQ(downtime_of({.errors = 100, .requests = 1e5}, kBefore).outcome, Outcome::warn);
}

TEST(DowntimeTest, WhatFailedBeforeIsNoDowntime) {
  EXPECT_EQ(downtime_of({.errors = 2000, .requests = 1e5}, {.errors = 20000, .requests = 1e6}).outcome, Outcome::pass);
  EXPECT_EQ(downtime_of({.errors = 2000, .requests = 1e5}, kBefore).outcome, Outcome::warn);
}

TEST(DowntimeTest, AFewErrorsOfFewRequestsAreNoSpikeYet) {
  EXPECT_EQ(downtime_of({.errors = 1, .requests = 300}, {.errors = 0, .requests = 1000}).outcome, Outcome::pass);
}

TEST(DowntimeTest, TheCountsAreSaid) {
  const auto finding = downtime_of({.errors = 250, .requests = 1e5}, kBefore);
  EXPECT_EQ(finding.message, "250 of 100000 requests failed (0.25 %, 0.00 % before)");
  EXPECT_EQ(finding.observed.text(), "0.25 pp");
}

}  // namespace
}  // namespace baton::cutover
