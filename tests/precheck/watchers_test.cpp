// Who sees it when a release goes wrong: dashboards, alert rules, log lines, the APM.
#include <gtest/gtest.h>

#include "common/clients/prometheus/client.h"
#include "common/core/text.h"
#include "common/io/clock.h"
#include "tests/precheck/scene.h"
#include "tests/sandbox/fixture.h"
#include "tests/support/http_server.h"
#include "tests/support/prometheus.h"
#include "tools/precheck/endpoint_answer.h"

namespace baton::precheck {
namespace {

using namespace std::chrono_literals;
using test::Answer;
using test::EnvScene;
using test::Received;

Finding dashboards_at(const std::vector<std::string>& urls) {
  EnvScene scene("precheck: {monitoring: {dashboards: ['" + join(urls, "', '") + "']}}");
  return look_at(scene, "dashboards");
}

Answer sends_to(const std::string& location) { return {.status = 302, .headers = {{"Location", location}}}; }

TEST(DashboardsCheck, PassesWhereEachCanBeOpened) {
  test::HttpServer server([](const Received& request) {
    return request.target == "/d/shop" ? Answer{} : request.target == "/" ? sends_to("/home") : sends_to("/d/shop");
  });
  const auto finding = dashboards_at({server.url() + "/d/shop", server.url()});
  EXPECT_EQ(finding.outcome, Outcome::pass) << finding.message;
  EXPECT_EQ(finding.message, "2/2 open");
}

TEST(DashboardsCheck, ALoginWarns) {
  for (const int status : {401, 403}) {
    test::HttpServer server([&](const Received&) { return Answer{.status = status}; });
    const auto finding = dashboards_at({server.url()});
    EXPECT_EQ(finding.outcome, Outcome::warn);
    EXPECT_EQ(finding.message,
              "0/1 open; '" + server.url() + "' is there and asks for a login (" + std::to_string(status) + ")");
  }
  test::HttpServer elsewhere([](const Received&) { return sends_to("https://sso.example.com/login?for=us"); });
  const auto finding = dashboards_at({elsewhere.url()});
  EXPECT_EQ(finding.outcome, Outcome::warn);
  EXPECT_NE(finding.message.find("sends to 'sso.example.com' to log in"), std::string::npos) << finding.message;
}

TEST(DashboardsCheck, ABrokenOneFails) {
  for (const int status : {404, 500, 502, 304}) {
    test::HttpServer server([&](const Received&) { return Answer{.status = status}; });
    EXPECT_EQ(dashboards_at({server.url()}).outcome, Outcome::fail) << status;
  }
  test::HttpServer round([](const Received&) { return sends_to("/"); });
  EXPECT_EQ(dashboards_at({round.url()}).outcome, Outcome::fail);
}

TEST(DashboardsCheck, OneThatDoesNotAnswerIsUnknown) {
  test::HttpServer good([](const Received&) { return Answer{}; });
  const auto finding = dashboards_at({good.url(), "http://127.0.0.1:1/"});
  EXPECT_EQ(finding.outcome, Outcome::unknown);
  EXPECT_EQ(finding.message.find("1/2 open; cannot reach"), 0U) << finding.message;
  test::HttpServer astray([](const Received&) { return sends_to("ftp://127.0.0.1/"); });
  EXPECT_EQ(dashboards_at({astray.url()}).outcome, Outcome::unknown);
}

const std::string kRules = R"yaml(
groups:
- name: shop
  rules:
  - {alert: HighErrorRate, expr: "vector(1) > 2"}
  - {alert: AlwaysOn, expr: "vector(1)"
}
  - {alert: Broken, expr: 'label_join(vector(1), "not a name", ",", "a")'}
  - {record: recorded, expr: "vector(1)"}
)yaml";

/// A Prometheus that has evaluated each of these.
class AlertRulesCheck : public testing::Test {
 protected:
  static const std::string& store() {
    static const test::PrometheusServer server(test::PrometheusServer::Rules{kRules});
    static const std::string url = evaluated(server.url());
    return url;
  }
  static Finding finding(const std::string& alerts, const std::string& url = store()) {
    EnvScene scene("metrics: {prometheus: '" + url + "'}\nprecheck: {monitoring: {alerts: [" + alerts + "]}}");
    return look_at(scene, "alert-rules");
  }

 private:
  static std::string evaluated(const std::string& url) {
    SystemClock clock;
    prometheus::Client client({.url = url}, HttpClient({}, Environment(), clock));
    for (int left = 300; left > 0; --left) {
      if (to_text(client.rules()).find("\"unknown\"") == std::string::npos) return url;
      clock.sleep_for(50ms, {});
    }
    throw std::runtime_error("Prometheus does not evaluate its rules");
  }
};

TEST_F(AlertRulesCheck, PassesWhereTheRuleIsLoadedAndEvaluated) {
  const auto found = finding("HighErrorRate");
  EXPECT_EQ(found.outcome, Outcome::pass) << found.message;
  EXPECT_EQ(found.message, "1/1 rules are loaded and evaluated");
}

TEST_F(AlertRulesCheck, ARuleThatIsNotLoadedFails) {
  const auto found = finding("HighErrorRate, HighLatency");
  EXPECT_EQ(found.outcome, Outcome::fail);
  EXPECT_EQ(found.message, "1/2 rules are loaded and evaluated; 'HighLatency' is not loaded");
  EXPECT_EQ(finding("recorded").outcome, Outcome::fail) << "a recording rule wakes nobody";
}

TEST_F(AlertRulesCheck, ARuleThatCannotBeEvaluatedFails) {
  const auto found = finding("Broken");
  EXPECT_EQ(found.outcome, Outcome::fail) << found.message;
  EXPECT_NE(found.message.find("'Broken' cannot be evaluated: "), std::string::npos) << found.message;
}

TEST_F(AlertRulesCheck, OneThatFiresWarns) {
  const auto found = finding("AlwaysOn");
  EXPECT_EQ(found.outcome, Outcome::warn) << found.message;
  EXPECT_NE(found.message.find("'AlwaysOn' is firing"), std::string::npos);
}

TEST_F(AlertRulesCheck, WhatIsNoAnswerIsUnknown) {
  EXPECT_EQ(finding("HighErrorRate", "http://127.0.0.1:1").outcome, Outcome::unknown);
  for (const auto* body :
       {"", "{}", R"({"status":"success","data":{}})", "<html>", R"({"status":"error","error":"x"})"}) {
    test::HttpServer server([&](const Received&) {
      return Answer{.headers = {{"Content-Type", "application/json"}}, .body = body};
    });
    EXPECT_EQ(finding("HighErrorRate", server.url()).outcome, Outcome::unknown) << body;
  }
  test::HttpServer young([](const Received&) {
    return Answer{
        .headers = {{"Content-Type", "application/json"}},
        .body =
            R"({"status":"success","data":{"groups":[{"rules":[{"type":"alerting","name":"A","health":"unknown"}]}]}})"};
  });
  EXPECT_EQ(finding("A", young.url()).outcome, Outcome::unknown);
  EnvScene scene("precheck: {monitoring: {alerts: [A]}}");
  EXPECT_EQ(look_at(scene, "alert-rules").outcome, Outcome::unknown);
}

const Time kNow = *parse_rfc3339("2026-03-01T12:00:00Z");

Finding apm_of(const Answer& answer, const std::string& pointer = "/at") {
  test::HttpServer server([&](const Received& request) {
    return request.header("Authorization") == "Bearer sesame-open" ? answer : Answer{.status = 401};
  });
  EnvScene scene("precheck: {monitoring: {apm: {url: '" + server.url() + "/api', token: sesame-open, pointer: '" +
                 pointer + "'}}}");
  return look_at(scene, "apm");
}

Finding apm_seen(Duration ago) { return apm_of({.body = R"({"at":")" + to_rfc3339(kNow - ago) + "\"}"}); }

TEST(ApmCheck, FiveMinutesPassAndMoreWarns) {
  EXPECT_EQ(apm_seen(5min).outcome, Outcome::pass) << apm_seen(5min).message;
  EXPECT_EQ(apm_seen(5min).message, "the APM saw the service 5m ago");
  EXPECT_EQ(apm_seen(5min + 1ms).outcome, Outcome::warn);
  EXPECT_EQ(apm_seen(-1min).outcome, Outcome::pass) << "clocks differ a little";
  EXPECT_EQ(apm_seen(-1min - 1ms).outcome, Outcome::unknown);
}

TEST(ApmCheck, WhatHoldsNoTimeIsUnknown) {
  for (const auto* body : {"", "{", "{}", R"({"at":null})", R"({"at":"ok"})", R"({"at":0})", R"({"at":[]})", "<html>"})
    EXPECT_EQ(apm_of({.body = body}).outcome, Outcome::unknown) << body;
  EXPECT_EQ(apm_of({.status = 500, .body = R"({"at":1772366390})"}).outcome, Outcome::unknown);
  EXPECT_EQ(apm_of({.body = R"({"data":[{"seen":1772366390}]})"}, "/data/0/seen").outcome, Outcome::pass);
}

TEST(TimeInTest, SecondsMillisecondsMicrosecondsAndNanosecondsAreToldApart) {
  const auto at = kNow + 123ms;
  for (const auto* text : {"\"2026-03-01T12:00:00.123Z\"", "1772366400.123", "1772366400123", "1772366400123456",
                           "1772366400123456789", "\"1772366400123\"", "\"1772366400123456789\""})
    EXPECT_EQ(time_in(parse_json(text, "test")), at) << text;
  for (const auto* text : {"0", "-1", "\"\"", "\"soon\"", "true", "null", "1e300"})
    EXPECT_EQ(time_in(parse_json(text, "test")), std::nullopt) << text;
}

/// A release that serves, and a Loki.
class LogLinesCheck : public testing::Test {
 protected:
  Finding in_loki(const Answer& answer) {
    test::HttpServer loki([&](const Received& request) {
      target = request.target;
      return answer;
    });
    return look("precheck: {monitoring: {logs: {loki: '" + loki.url() + "/'}}}");
  }
  Finding newest(Duration ago) {
    const auto at = std::to_string((kNow - ago).time_since_epoch().count()) + "000000";
    return in_loki(
        {.body = R"({"status":"success","data":{"resultType":"streams","result":[{"stream":{"pod":"p"},"values":[[")" +
                 at + R"(","hello"]]}]}})"});
  }
  Finding look(const std::string& yaml, Time now = kNow) {
    EnvScene scene("kubernetes: {service: myapp, namespace: production}\n" + yaml);
    scene.environment = Environment({{"KUBECONFIG", playground.kubeconfig()}});
    scene.clock.advance(now - scene.clock.now());
    return look_at(scene, "log-lines");
  }

  test::Playground playground;
  std::string target;
};

TEST_F(LogLinesCheck, LokisNewestLineMustBeYoungerThanFiveMinutes) {
  EXPECT_EQ(newest(5min - 1ms).outcome, Outcome::pass) << newest(5min - 1ms).message;
  EXPECT_EQ(target.find("/loki/api/v1/query_range?query=%7Bnamespace%3D%22production%22%2Cpod%3D~%60myapp-"), 0U)
      << target;
  EXPECT_NE(target.find("&start=1772362800000000000&end=1772366400000000000&limit=1&direction=backward"),
            std::string::npos)
      << target;
  EXPECT_EQ(newest(5min).outcome, Outcome::warn);
  EXPECT_EQ(newest(5min).message, "Loki has a line 5m old");
  EXPECT_EQ(newest(-2min).outcome, Outcome::unknown);
}

TEST_F(LogLinesCheck, WhatIsNoAnswerOfLokiIsUnknown) {
  for (const auto* body : {"", "{}", R"({"status":"success"})", R"({"status":"success","data":{"result":[]}})",
                           "404 page not found", R"({"status":"success","data":{"result":[{"values":[["x","y"]]}]}})",
                           R"({"status":"success","data":{"result":[{"values":[[]]}]}})"})
    EXPECT_EQ(in_loki({.body = body}).outcome, Outcome::unknown) << body;
  EXPECT_EQ(in_loki({.status = 429, .body = "{}"}).outcome, Outcome::unknown);
}

TEST_F(LogLinesCheck, WithoutLokiTheClusterIsAskedForTheNewestLine) {
  SystemClock clock;
  const auto fresh = look("", clock.now());
  EXPECT_EQ(fresh.outcome, Outcome::pass) << fresh.message;
  EXPECT_NE(fresh.message.find("whether lines reach a central system was not looked at"), std::string::npos);
  EXPECT_EQ(look("", clock.now() + 6min).outcome, Outcome::warn);
  EXPECT_EQ(look("", clock.now() - 6min).outcome, Outcome::unknown);
}

}  // namespace
}  // namespace baton::precheck
