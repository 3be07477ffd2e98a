// The smoke set asked where users ask: what is the release's fault, and what is not.
#include "common/rollout/public_smoke.h"

#include <gtest/gtest.h>

#include "common/config/sections/switch.h"
#include "tests/common/rollout/ground.h"
#include "tests/support/refusal.h"

namespace baton::rollout {
namespace {

class PublicSmokeTest : public testing::Test {
 protected:
  PublicSmokeTest() {
    ground_.config.rollout().public_urls = {ground_.playground.front_url() + "/health"};
    ground_.config.rollout().smoke = {{.path = "/health"}, {.path = "/api/users", .kind = "api"}};
  }
  /// Of so many looks the last one's answer; none of the others may have one.
  std::string last_of(int looks, const Move& move) {
    for (int i = 1; i < looks; ++i) EXPECT_EQ(smoke_.look(move), "") << "look " << i;
    return smoke_.look(move);
  }

  Ground ground_;
  Context context_ = ground_.context();
  PublicSmoke smoke_{context_};
};

TEST_F(PublicSmokeTest, AnEntryThatFailsThreeLooksInARowIsBroken) {
  const auto move = ground_.release("v1.6.0");
  EXPECT_EQ(smoke_.look(move), "");
  ground_.playground.set_fault("v1.6.0", "errors=100%");
  const auto broken = last_of(3, move);
  EXPECT_TRUE(test::says(broken, "/api/users' failed 3 looks in a row: status 500, wanted 200"));
  EXPECT_TRUE(test::says(broken, "the pods of 'myapp' still pass it"));
}

TEST_F(PublicSmokeTest, TwoLooksAreNotEnoughAndAPassBeginsAnew) {
  const auto move = ground_.release("v1.6.0");
  EXPECT_EQ(smoke_.look(move), "");
  ground_.playground.set_fault("v1.6.0", "errors=100%");
  EXPECT_EQ(last_of(2, move), "");
  ground_.playground.set_fault("v1.6.0");
  EXPECT_EQ(smoke_.look(move), "");
  ground_.playground.set_fault("v1.6.0", "errors=100%");
  EXPECT_EQ(last_of(2, move), "");
}

TEST_F(PublicSmokeTest, WhatNeverPassedFromOutsideIsNobodysFault) {
  ground_.config.rollout().smoke.push_back({.path = "/api/users", .status = 404});
  const auto move = ground_.release("v1.6.0");
  EXPECT_EQ(last_of(4, move), "");
}

TEST_F(PublicSmokeTest, WhatTheOldColourFailsTooIsNotTheReleases) {
  const auto move = ground_.release("v1.6.0");
  EXPECT_EQ(smoke_.look(move), "");
  for (const auto* version : {"v1.5.0", "v1.6.0"}) ground_.playground.set_fault(version, "errors=100%");
  EXPECT_EQ(last_of(4, move), "");
}

TEST_F(PublicSmokeTest, AnAddressThatAnswersNothingSaysNothingOfTheRelease) {
  const auto move = ground_.release("v1.6.0");
  EXPECT_EQ(smoke_.look(move), "");
  ground_.config.rollout().public_urls = {"http://127.0.0.1:9/health"};
  EXPECT_EQ(last_of(4, move), "");
}

TEST_F(PublicSmokeTest, WithoutAPublicAddressNothingIsAsked) {
  ground_.config.rollout().public_urls.clear();
  EXPECT_EQ(last_of(3, ground_.release("v1.6.0")), "");
}

}  // namespace
}  // namespace baton::rollout
