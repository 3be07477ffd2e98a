// Health URLs of other people's services, and alerts that fire.
#include <gtest/gtest.h>

#include "tests/precheck/scene.h"
#include "tests/support/alertmanager.h"
#include "tests/support/http_server.h"
#include "tests/support/refusal.h"

namespace baton::precheck {
namespace {

using test::EnvScene;
using test::says;

Finding external_of(const std::vector<std::string>& urls) {
  std::string list;
  for (const auto& url : urls) list += (list.empty() ? "'" : ", '") + url + "'";
  EnvScene scene("precheck: {infrastructure: {external: [" + list + "]}}");
  return look_at(scene, "external");
}

Finding answered(int status, const Headers& headers = {}) {
  const test::HttpServer server(
      [&](const test::Received&) { return test::Answer{.status = status, .headers = headers, .body = "ok"}; });
  return external_of({server.url() + "/health"});
}

TEST(ExternalCheck, TwoHundredPassesAndNothingElse) {
  const auto passed = answered(200);
  EXPECT_EQ(passed.outcome, Outcome::pass) << passed.message;
  EXPECT_EQ(passed.message, "1/1 answer 200");
  for (const int status : {201, 204, 206, 301, 304, 400, 401, 404, 500, 503})
    EXPECT_EQ(answered(status).outcome, Outcome::fail) << status;
}

TEST(ExternalCheck, ARedirectIsNotFollowedAndSaysWhereItPoints) {
  const auto finding = answered(302, {{"Location", "https://login.example.com/?token=abc"}});
  EXPECT_EQ(finding.outcome, Outcome::fail);
  EXPECT_TRUE(says(finding.message, "answers 302, which points to 'https://login.example.com/"));
}

TEST(ExternalCheck, ASlowAnswerWarns) {
  const auto after = [](Duration took) {
    EnvScene scene;
    const test::HttpServer server([&](const test::Received&) {
      scene.clock.advance(took);
      return test::Answer{};
    });
    scene.loaded = load_config(
        {.text = "app: shop\nprecheck: {infrastructure: {external: ['" + server.url() + "/h']}}"}, Environment{});
    return look_at(scene, "external");
  };
  EXPECT_EQ(after(std::chrono::milliseconds(2000)).outcome, Outcome::pass);
  const auto slow = after(std::chrono::milliseconds(2001));
  EXPECT_EQ(slow.outcome, Outcome::warn);
  EXPECT_TRUE(says(slow.message, "took 2 s"));
}

TEST(ExternalCheck, OneThatCannotBeReachedIsUnknownAndTheWorstCounts) {
  EXPECT_EQ(external_of({"http://127.0.0.1:1/health"}).outcome, Outcome::unknown);
  const test::HttpServer fine([](const test::Received&) { return test::Answer{}; });
  const test::HttpServer broken([](const test::Received&) { return test::Answer{.status = 500}; });
  const auto finding = external_of({fine.url(), "http://127.0.0.1:1/", broken.url() + "/x"});
  EXPECT_EQ(finding.outcome, Outcome::fail);
  EXPECT_EQ(finding.observed, Measured("1/3"));
  EXPECT_TRUE(says(finding.message, "connection refused"));
  EXPECT_TRUE(says(finding.message, "/x' answers 500"));
}

TEST(ExternalCheck, IsAskedThreeTimesBeforeItCountsAsUnreachable) {
  std::atomic<int> asked = 0;
  std::atomic<int> cut = 2;
  const test::HttpServer server(
      [&](const test::Received&) { return ++asked <= cut ? test::Answer{.cut_after = 0} : test::Answer{}; });
  EXPECT_EQ(external_of({server.url()}).outcome, Outcome::pass);
  EXPECT_EQ(asked, 3);
  asked = 0;
  cut = 3;
  EXPECT_EQ(external_of({server.url()}).outcome, Outcome::unknown);
  EXPECT_EQ(asked, 3);
}

class IncidentCheck : public testing::Test {
 protected:
  Finding find(const std::string& url) {
    EnvScene scene("kubernetes: {namespace: production}\nprecheck: {infrastructure: {alertmanager: '" + url + "'}}");
    const KubeconfigOf cluster("http://127.0.0.1:1");
    cluster.use_in(scene);
    return look_at(scene, "no-incident");
  }
  static Json labels(std::initializer_list<Json::Member> members) { return Json::object(members); }
};

TEST_F(IncidentCheck, ARealAlertmanagerSaysWhatFires) {
  test::AlertmanagerServer server;
  EXPECT_EQ(find(server.url()).outcome, Outcome::pass);
  EXPECT_EQ(find(server.url()).message, "no critical alert among 0 alerts");
  server.fire(labels({{"alertname", "Watchdog"}, {"severity", "none"}}));
  server.fire(labels({{"alertname", "Slow"}, {"severity", "warning"}, {"namespace", "production"}}));
  EXPECT_EQ(find(server.url()).outcome, Outcome::pass);
  server.fire(labels({{"alertname", "Theirs"}, {"severity", "critical"}, {"namespace", "billing"}}));
  server.fire(labels({{"alertname", "Staging"}, {"severity", "critical"}, {"environment", "staging"}}));
  const auto elsewhere = find(server.url());
  EXPECT_EQ(elsewhere.outcome, Outcome::warn) << elsewhere.message;
  EXPECT_TRUE(says(elsewhere.message, "critical alerts fire elsewhere: "));
  EXPECT_TRUE(says(elsewhere.message, "Theirs (billing) since 20"));
  server.fire(labels({{"alertname", "Down"}, {"severity", "critical"}, {"namespace", "production"}}));
  const auto ours = find(server.url());
  EXPECT_EQ(ours.outcome, Outcome::fail);
  EXPECT_TRUE(says(ours.message, "critical alerts fire: Down (production) since 20"));
  server.silence("alertname", "Down");
  EXPECT_EQ(find(server.url()).outcome, Outcome::warn) << "somebody knows of it";
  server.fire(labels({{"alertname", "NodeDown"}, {"severity", "Critical"}}));
  EXPECT_EQ(find(server.url()).outcome, Outcome::fail) << "it may be about us";
}

TEST_F(IncidentCheck, WhatIsNoListOfAlertsIsUnknown) {
  const auto of = [&](const std::string& body, int status = 200, int ready = 200) {
    const test::HttpServer server([&](const test::Received& request) {
      return request.target.starts_with("/-/ready") ? test::Answer{.status = ready}
                                                    : test::Answer{.status = status, .body = body};
    });
    return find(server.url());
  };
  EXPECT_EQ(of("[]").outcome, Outcome::pass);
  for (const auto* body : {"", "{}", "null", "[", "[1]", "[{}]", R"([{"labels":{"severity":1},"startsAt":"x"}])",
                           R"({"status":"success","data":[]})", "<html></html>", R"([{"labels":{"a":"b"}}])", "[\xff]"})
    EXPECT_EQ(of(body).outcome, Outcome::unknown) << body;
  EXPECT_EQ(of("[]", 401).outcome, Outcome::unknown);
  EXPECT_EQ(of("[]", 200, 503).outcome, Outcome::unknown) << "it is not ready";
  EXPECT_EQ(find("http://127.0.0.1:1").outcome, Outcome::unknown);
}

TEST_F(IncidentCheck, AsksWithItsTokenBelowItsPath) {
  std::atomic<int> asked = 0;
  const test::HttpServer server([&](const test::Received& request) {
    const bool is_known =
        request.header("Authorization") == "Bearer alert-token" &&
        (request.target == "/am/-/ready" || request.target.starts_with("/am/api/v2/alerts?active=true"));
    asked += is_known ? 1 : 0;
    return test::Answer{.status = is_known ? 200 : 403, .body = "[]"};
  });
  EnvScene scene("kubernetes: {namespace: p}\nprecheck: {infrastructure: {alertmanager: {url: '" + server.url() +
                 "/am/', token: alert-token}}}");
  const KubeconfigOf cluster("http://127.0.0.1:1");
  cluster.use_in(scene);
  EXPECT_EQ(look_at(scene, "no-incident").outcome, Outcome::pass);
  EXPECT_EQ(asked, 2);
}

}  // namespace
}  // namespace baton::precheck
