// What a smoke probe accepts, and what it is called.
#include "common/rollout/probe.h"

#include <gtest/gtest.h>

namespace baton::rollout {
namespace {

using namespace std::chrono_literals;

ProbeAnswer answer(int status, std::string body, Duration took) {
  return {.status = status, .body = std::move(body), .took = took};
}

TEST(ProbeTest, WantsTheStatusTheTimeAndTheValues) {
  const SmokeProbe probe{.path = "/db", .status = 200, .max_time = 500ms, .json = {{"/status", Json("ok")}}};
  EXPECT_EQ(complaint_about(probe, answer(200, R"({"status":"ok"})", 500ms)), "");
  EXPECT_EQ(complaint_about(probe, answer(200, R"({"status":"ok"})", 501ms)), "501 ms, at most 500 ms wanted");
  EXPECT_EQ(complaint_about(probe, answer(503, R"({"status":"ok"})", 1ms)), "status 503, wanted 200");
  EXPECT_EQ(complaint_about(probe, answer(200, R"({"status":"down"})", 1ms)), "\"down\" at '/status', wanted \"ok\"");
  EXPECT_EQ(complaint_about(probe, answer(200, R"({})", 1ms)), "nothing at '/status', wanted \"ok\"");
  EXPECT_EQ(complaint_about(probe, answer(200, "<html>", 1ms)), "the answer is no JSON");
}

TEST(ProbeTest, ABodyIsNotReadWhereNoValueIsWanted) {
  EXPECT_EQ(complaint_about({.path = "/", .status = 204}, answer(204, "<html>", 1ms)), "");
}

TEST(ProbeIdsTest, TellProbesOfOneKindApart) {
  EXPECT_EQ(probe_ids({{.path = "/"}, {.path = "/health"}, {.path = "/api/v1/Orders?limit=1", .kind = "api"}}),
            (std::vector<std::string>{"smoke-health", "smoke-health-health", "smoke-api-api-v1-orders-limit-1"}));
}

TEST(ProbeIdsTest, AreUniqueAlsoWherePathsAreTheSame) {
  EXPECT_EQ(probe_ids({{.path = "/a"}, {.path = "/a/"}, {.path = "/a"}, {.path = "/a/2"}}),
            (std::vector<std::string>{"smoke-health-a", "smoke-health-a-2", "smoke-health-a-3", "smoke-health-a-2-2"}));
}

}  // namespace
}  // namespace baton::rollout
