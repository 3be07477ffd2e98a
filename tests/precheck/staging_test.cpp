// switch.smoke, asked of staging.
#include <gtest/gtest.h>

#include <chrono>
#include <condition_variable>
#include <mutex>

#include "tests/precheck/scene.h"
#include "tests/support/http_server.h"

namespace baton::precheck {
namespace {

using namespace std::chrono_literals;
using test::Answer;
using test::EnvScene;
using test::Received;

Finding staging_smoke_of(const test::HttpServer::Handler& staging, const std::string& probes) {
  test::HttpServer server(staging);
  EnvScene scene("precheck: {staging: {url: '" + server.url() + "'}}\nswitch: {smoke: [" + probes + "]}");
  return look_at(scene, "staging-smoke");
}

const std::string kWantsOk = "{path: /health, json: {/status: ok}}";

// SOP 1.4: smoke tests of the critical user flows.
TEST(StagingCheck, PassesWhenEveryProbeAnswersAsConfigured) {
  const auto finding = staging_smoke_of([](const Received&) { return Answer{.body = R"({"status":"ok"})"}; },
                                        kWantsOk + ", {path: /api/users, kind: api}");
  EXPECT_EQ(finding.outcome, Outcome::pass) << finding.message;
  EXPECT_EQ(finding.message, "2/2 probes passed");
  EXPECT_EQ(finding.observed, Measured(2, "probes passed"));
}

TEST(StagingCheck, FailsAndSaysWhatWasWrongWithEachProbe) {
  const auto finding = staging_smoke_of(
      [](const Received& request) {
        return request.target == "/health" ? Answer{.body = R"({"status":"down"})"} : Answer{.status = 500};
      },
      kWantsOk + ", {path: /api/users}, {path: /gone, status: 500}");
  EXPECT_EQ(finding.outcome, Outcome::fail);
  EXPECT_EQ(finding.message,
            "1/3 probes passed; /health: \"down\" at '/status', wanted \"ok\"; /api/users: status 500, wanted 200");
}

TEST(StagingCheck, AnAnswerThatIsNoJsonWhereValuesAreWantedFails) {
  const auto finding = staging_smoke_of([](const Received&) { return Answer{.body = "<html>login</html>"}; }, kWantsOk);
  EXPECT_EQ(finding.outcome, Outcome::fail) << finding.message;
  EXPECT_EQ(finding.message, "0/1 probes passed; /health: the answer is no JSON");
}

TEST(StagingCheck, IsUnknownWhenOneProbeGetsNoAnswer) {
  const auto finding = staging_smoke_of(
      [](const Received& request) { return request.target == "/cut" ? Answer{.cut_after = 0} : Answer{}; },
      "{path: /health}, {path: /cut}");
  EXPECT_EQ(finding.outcome, Outcome::unknown) << finding.message;
}

TEST(StagingCheck, AsksAllProbesAtOnce) {
  std::mutex mutex;
  std::condition_variable all_there;
  int waiting = 0;
  // Answers only once all four are waiting for it.
  const auto staging = [&](const Received&) {
    std::unique_lock lock(mutex);
    if (++waiting == 4) all_there.notify_all();
    const bool met = all_there.wait_for(lock, 10s, [&] { return waiting >= 4; });
    return Answer{.status = met ? 200 : 500};
  };
  const auto finding = staging_smoke_of(staging, "{path: /a}, {path: /b}, {path: /c}, {path: /d}");
  EXPECT_EQ(finding.outcome, Outcome::pass) << finding.message;
}

}  // namespace
}  // namespace baton::precheck
