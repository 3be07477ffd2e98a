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

Finding staging_e2e_of(const std::string& text) {
  const WrittenFile report("e2e", text);
  EnvScene scene("precheck: {staging: {e2e: ['" + report.path() + "']}}");
  report.age_in(scene);
  return look_at(scene, "staging-e2e");
}

// SOP 1.4: the full E2E test suite, all tests pass.
TEST(StagingE2eCheck, EveryTestPassesAndZeroTestsAreUnknown) {
  EXPECT_EQ(staging_e2e_of("1..2\nok 1 - pays\nok 2 - returns\n").outcome, Outcome::pass);
  EXPECT_EQ(staging_e2e_of("1..2\nok 1 - pays\nnot ok 2 - returns\n").outcome, Outcome::fail);
  EXPECT_EQ(staging_e2e_of("1..0 # SKIP no browser\n").outcome, Outcome::unknown);
  EXPECT_EQ(staging_e2e_of("1..2\nok 1 - pays\nok 2 # SKIP no browser\n").outcome, Outcome::warn);
  EXPECT_EQ(staging_e2e_of("").outcome, Outcome::unknown);
  EnvScene scene;
  EXPECT_EQ(look_at(scene, "staging-e2e").outcome, Outcome::unknown);
}

const std::string kGoodSmoke = "1..1\nok 1 - signs in\n";
const std::string kBadSmoke = "1..1\nnot ok 1 - signs in\n";

Finding smoke_by_report(const std::string& text, const std::string& more = "", const std::string& probes = "") {
  const WrittenFile report("smoke", text);
  EnvScene scene("precheck: {staging: {" + more + "smoke: ['" + report.path() + "']}}\nswitch: {smoke: [" + probes +
                 "]}");
  report.age_in(scene);
  return look_at(scene, "staging-smoke");
}

TEST(StagingCheck, AReportMayStandForTheProbes) {
  EXPECT_EQ(smoke_by_report(kGoodSmoke).outcome, Outcome::pass);
  EXPECT_EQ(smoke_by_report(kBadSmoke).outcome, Outcome::fail);
  EXPECT_EQ(smoke_by_report("1..0\n").outcome, Outcome::unknown);
}

TEST(StagingCheck, WithProbesAndAReportTheWorseOfBothCounts) {
  int status = 200;
  test::HttpServer server([&](const Received&) { return Answer{.status = status}; });
  const auto url = "url: '" + server.url() + "', ";
  const auto both = smoke_by_report(kGoodSmoke, url, "{path: /health}");
  EXPECT_EQ(both.outcome, Outcome::pass) << both.message;
  EXPECT_EQ(both.message, "1/1 probes passed; reports: 1/1 passed, 0 skipped");
  EXPECT_EQ(smoke_by_report(kBadSmoke, url, "{path: /health}").outcome, Outcome::fail);
  EXPECT_EQ(smoke_by_report("1..0\n", url, "{path: /health}").outcome, Outcome::unknown);
  EXPECT_EQ(smoke_by_report(kGoodSmoke, url).outcome, Outcome::pass) << "without probes the report stands alone";
  status = 500;
  EXPECT_EQ(smoke_by_report(kGoodSmoke, url, "{path: /health}").outcome, Outcome::fail);
  EXPECT_EQ(smoke_by_report("1..0\n", url, "{path: /health}").outcome, Outcome::fail);
}

}  // namespace
}  // namespace baton::precheck
