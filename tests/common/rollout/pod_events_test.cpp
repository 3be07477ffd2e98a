// What events tell of a pod, and what they must not be taken for.
#include "common/rollout/pod_events.h"

#include <gtest/gtest.h>

#include "tests/common/rollout/json_of.h"

namespace baton::rollout {
namespace {

using namespace std::chrono_literals;

std::vector<Json> events(const char* text) {
  const auto parsed = json(text);
  return parsed.items();
}

Json waiting(const char* reason) {
  auto pod =
      json(R"({"metadata":{"name":"p1"},"status":{"containerStatuses":[{"name":"shop","state":{"waiting":{}}}]}})");
  pod["status"]["containerStatuses"].items().front()["state"]["waiting"]["reason"] = reason;
  return pod;
}

constexpr const char* kMounts = R"([{"reason":"MissingClusterDNS","count":9,"message":"no DNS"},
  {"reason":"FailedMount","count":4,"message":"secret \"tls\" not found"}])";

TEST(PodEventsTest, AMountThatFailsAgainAndAgainIsATrouble) {
  const auto stuck = stuck_before_start(waiting("ContainerCreating"), events(kMounts));
  ASSERT_TRUE(stuck);
  EXPECT_EQ(stuck->reason, "FailedMount");
  EXPECT_EQ(stuck->message, "secret \"tls\" not found");
  EXPECT_EQ(stuck->pod, "p1");
  EXPECT_EQ(stuck->patience, 5s);
}

TEST(PodEventsTest, TheFirstTriesAreNone) {
  EXPECT_FALSE(stuck_before_start(waiting("ContainerCreating"),
                                  events(R"([{"reason":"FailedMount","count":3,"message":"cache"}])")));
}

TEST(PodEventsTest, AMountThatCameIsNone) {
  EXPECT_FALSE(stuck_before_start(
      waiting("ContainerCreating"),
      events(R"([{"reason":"FailedMount","count":7,"message":"late"},{"reason":"Pulling","message":"image"}])")));
  EXPECT_FALSE(stuck_before_start(waiting("ImagePullBackOff"), events(kMounts)));
}

TEST(PodEventsTest, WhatOthersSayOfEveryPodIsNone) {
  EXPECT_FALSE(stuck_before_start(waiting("ContainerCreating"),
                                  events(R"([{"reason":"MissingClusterDNS","count":9,"message":"no DNS"}])")));
}

TEST(PodEventsTest, TheNewestAnswerOfAProbeTellsWhyItIsNotReady) {
  const auto told = events(R"([
    {"reason":"Unhealthy","message":"Readiness probe failed: connection refused","lastTimestamp":"2026-03-01T12:00:00Z"},
    {"reason":"Unhealthy","message":"Readiness probe failed: statuscode: 503","lastTimestamp":"2026-03-01T12:00:09Z"},
    {"reason":"BackOff","message":"back-off","lastTimestamp":"2026-03-01T12:00:10Z"}])");
  EXPECT_EQ(told_by(told, {.reason = "NotReady"}), "Readiness probe failed: statuscode: 503");
  EXPECT_EQ(told_by(told, {.reason = "Restarts"}), "") << "no readiness probe restarts anything";
  EXPECT_EQ(told_by(told, {.reason = "OOMKilled"}), "");
}

TEST(PodEventsTest, ARestartIsALivenessProbesOrAHooksDoing) {
  EXPECT_EQ(
      told_by(events(R"([{"reason":"Unhealthy","message":"Liveness probe failed: 500"}])"), {.reason = "Restarts"}),
      "Liveness probe failed: 500");
  EXPECT_EQ(told_by(events(R"([{"reason":"FailedPostStartHook","message":"PostStartHook failed"}])"),
                    {.reason = "CrashLoopBackOff"}),
            "PostStartHook failed");
}

}  // namespace
}  // namespace baton::rollout
