// SOP, "Prerequisites": Team Readiness.
#include <gtest/gtest.h>

#include "tests/precheck/scene.h"
#include "tests/sandbox/fixture.h"
#include "tests/support/http_server.h"
#include "tests/support/refusal.h"
#include "tools/precheck/announcement.h"
#include "tools/precheck/precheck.h"
#include "tools/precheck/team/traffic.h"

namespace baton::precheck {
namespace {

using namespace std::chrono_literals;
using test::EnvScene;

Finding team(const std::string& check, const std::string& keys) {
  EnvScene scene("precheck: {team: {" + keys + "}}");  // it is Sunday, 12:00 UTC
  return look_at(scene, check);
}

TEST(WindowCheck, PassesInsideAndWarnsOutside) {
  EXPECT_EQ(team("window", "window: Sun 12:00-13:00").outcome, Outcome::pass);
  const auto outside = team("window", "window: Mon-Thu 09:00-16:00");
  EXPECT_EQ(outside.outcome, Outcome::warn);
  EXPECT_EQ(outside.observed.text(), "Sun 12:00 UTC");
  EXPECT_EQ(outside.message, "opens Mon 09:00 UTC, 2026-03-02 09:00 UTC");
  EXPECT_EQ(team("window", "window: Sun 11:00-12:00").outcome, Outcome::warn) << "its end is no part of it";
}

TEST(WindowCheck, AFreezeWarnsInsideTheWindowToo) {
  const auto frozen = team("window", "window: Sun 12:00-13:00, freezes: ['2026-02-20..2026-03-01']");
  EXPECT_EQ(frozen.outcome, Outcome::warn);
  EXPECT_NE(frozen.message.find("frozen until Mon 00:00 UTC"), std::string::npos) << frozen.message;
  EXPECT_EQ(team("window", "window: Sun 12:00-13:00, freezes: ['2026-03-02..2026-03-03']").outcome, Outcome::pass);
  EXPECT_EQ(team("window", "freezes: ['2026-03-01']").outcome, Outcome::warn);
  EXPECT_EQ(team("window", "freezes: ['2026-03-02']").outcome, Outcome::pass);
}

TEST(WindowCheck, AZoneThatNobodyKnowsIsUnknown) {
  const auto finding = team("window", "window: Sun 12:00-13:00 Europe/Atlantis");
  EXPECT_EQ(finding.outcome, Outcome::unknown);
  ASSERT_FALSE(finding.recovery.empty());
  EXPECT_NE(finding.recovery.front().find("tzdata"), std::string::npos);
}

TEST(WindowCheck, WithoutAWindowNobodyLooksAndABadOneIsRefusedBeforeAll) {
  EXPECT_EQ(team("window", "").outcome, Outcome::skipped);
  for (const auto* keys : {"window: always", "freezes: [never]"})
    EXPECT_EQ(test::error_of([&] { team("coverage", keys); }).code(), ExitCode::usage) << keys;
}

Finding on_call(const std::string& keys, const std::string& body) {
  const test::HttpServer server([&](const test::Received&) {
    return test::Answer{.headers = {{"Content-Type", "application/json"}}, .body = body};
  });
  const auto at = keys.find("URL");
  return team("on-call",
              "on_call: " + (at == std::string::npos ? keys : std::string(keys).replace(at, 3, server.url())));
}

TEST(OnCallCheck, NamesAPersonUntilTwoHoursAfterTheDeployment) {
  // Written from the published schema of PagerDuty's REST API v2, GET /oncalls.
  const auto oncalls = [](const std::string& end) {
    return R"({"oncalls":[{"user":{"summary":"Jo Doe"},"start":null,"end":)" + end + R"(}],"more":false})";
  };
  const std::string keys = "{pagerduty: {schedule: PABC12, token: t, url: 'URL'}}";
  const auto finding = on_call(keys, oncalls("null"));
  EXPECT_EQ(finding.outcome, Outcome::pass) << finding.message;
  EXPECT_EQ(finding.observed.text(), "Jo Doe");
  EXPECT_EQ(on_call(keys, oncalls(R"("2026-03-01T14:30:00Z")")).outcome, Outcome::pass);
  const auto gap = on_call(keys, oncalls(R"("2026-03-01T14:29:59Z")"));
  EXPECT_EQ(gap.outcome, Outcome::warn);
  EXPECT_EQ(gap.message, "nobody from 2026-03-01 14:29 UTC on");
  EXPECT_EQ(on_call(keys, R"({"oncalls":[],"more":false})").outcome, Outcome::warn);
  EXPECT_EQ(on_call(keys, "{}").outcome, Outcome::unknown);
}

TEST(OnCallCheck, TakesTheNameInAnyDocumentAndWithoutOneDoesNotKnow) {
  const std::string keys = "{url: 'URL/x.json', pointer: /users/0/name}";
  EXPECT_EQ(on_call(keys, R"({"users":[{"name":"Jo"}]})").outcome, Outcome::pass);
  EXPECT_EQ(on_call(keys, R"({"users":[{"name":""}]})").outcome, Outcome::warn);
  EXPECT_EQ(on_call(keys, R"({"users":[]})").outcome, Outcome::unknown);
  EXPECT_EQ(team("on-call", "").outcome, Outcome::skipped);
  EXPECT_EQ(team("on-call", "on_call: {url: 'http://127.0.0.1:1/', pointer: /a}").outcome, Outcome::unknown);
}

TEST(TrafficTest, TheNextSlotIsQuieterAndAllowed) {
  const Time now = *parse_rfc3339("2026-03-01T12:00:00Z");
  Curve curve;
  for (int slot = 0; slot <= 336; ++slot) curve[now - kWeek + slot * kSlot] = slot % 48 < 24 ? 10 : 2;
  const double median = median_of(curve);
  EXPECT_EQ(median, 10);
  const auto any = quieter_slot(curve, now, median, 10, [](Time) { return true; });
  ASSERT_TRUE(any);
  EXPECT_EQ(any->rate, 2);
  EXPECT_GT(any->at, now);
  EXPECT_LT(any->at, now + 24h);
  EXPECT_FALSE(quieter_slot(curve, now, median, 10, [](Time) { return false; }));
  EXPECT_FALSE(quieter_slot(curve, now, median, 2, [](Time) { return true; })) << "none is quieter than now";
  EXPECT_EQ(median_of({{now, 1}, {now + 1h, 3}}), 2);
}

/// A release that serves, and a store whose week has this rate, and at its end that one.
class TrafficWorld {
 public:
  TrafficWorld(double usual, double last, const std::string& keys = "", int slots = 336)
      : store_([=](const test::Received& request) { return answer(request, usual, last, slots); }),
        scene_("metrics: {prometheus: '" + store_.url() + "'}\nkubernetes: {namespace: production}\n" +
               (keys.empty() ? "" : "precheck: {team: {" + keys + "}}\n")) {
    scene_.loaded.values.app = "myapp";
    scene_.environment = Environment({{"KUBECONFIG", playground_.kubeconfig()}});
  }
  Finding finding() { return look_at(scene_, "traffic-slot"); }

 private:
  static test::Answer answer(const test::Received& request, double usual, double last, int slots) {
    const bool is_range = request.target.starts_with("/api/v1/query_range");
    std::string result;
    if (!is_range) result = R"({"metric":{"__name__":"http_requests_total","code":"200"},"value":[1772366400,"2"]})";
    for (int slot = slots; is_range && slots > 0 && slot >= 0; --slot) {
      const auto rate = slot == 0 ? last : slot % 48 < 24 ? usual : usual / 2;
      result += (result.empty() ? R"({"metric":{},"values":[)" : ",") + std::string("[") +
                std::to_string(1772366400 - slot * 1800) + ",\"" + std::to_string(rate) + "\"]";
    }
    if (is_range && !result.empty()) result += "]}";
    return {.headers = {{"Content-Type", "application/json"}},
            .body = R"({"status":"success","data":{"resultType":")" + std::string(is_range ? "matrix" : "vector") +
                    R"(","result":[)" + result + "]}}"};
  }

  test::Playground playground_;
  test::HttpServer store_;
  EnvScene scene_;
};

TEST(TrafficSlotCheck, PassesWhenItIsNoBusierThanUsual) {
  const auto finding = TrafficWorld(10, 10).finding();
  EXPECT_EQ(finding.outcome, Outcome::pass) << finding.message;
  EXPECT_EQ(finding.observed.text(), "10 requests/s");
}

TEST(TrafficSlotCheck, WarnsWhenItIsBusierAndNamesAQuieterSlot) {
  const auto finding = TrafficWorld(10, 10.5).finding();
  EXPECT_EQ(finding.outcome, Outcome::warn) << finding.message;
  EXPECT_NE(finding.message.find("quieter from 2026-03-0"), std::string::npos) << finding.message;
}

TEST(TrafficSlotCheck, TheSlotLiesInTheTeamsWindow) {
  const auto finding = TrafficWorld(10, 20, "window: Wed 09:00-16:00").finding();
  EXPECT_NE(finding.message.find("quieter from Wed 09:00 UTC, 2026-03-04 09:00 UTC"), std::string::npos)
      << finding.message;
  const auto none = TrafficWorld(10, 20, "window: Wed 09:00-16:00, freezes: ['2026-03-02..2026-03-09']").finding();
  EXPECT_EQ(none.outcome, Outcome::warn);
  EXPECT_NE(none.message.find("no quieter half hour lies in the team's window"), std::string::npos) << none.message;
}

TEST(TrafficSlotCheck, OfTooLittleHistoryNobodyKnowsWhatIsUsual) {
  EXPECT_EQ(TrafficWorld(10, 10, "", 0).finding().outcome, Outcome::unknown);
  EXPECT_EQ(TrafficWorld(10, 10, "", 46).finding().outcome, Outcome::unknown);
  EXPECT_EQ(TrafficWorld(10, 5, "", 47).finding().outcome, Outcome::pass) << "a day of half hours";
  EnvScene nowhere("metrics: {prometheus: 'http://127.0.0.1:1'}");
  const KubeconfigOf cluster("http://127.0.0.1:1");
  cluster.use_in(nowhere);
  EXPECT_EQ(look_at(nowhere, "traffic-slot").outcome, Outcome::unknown);
  EnvScene unset;
  EXPECT_EQ(look_at(unset, "traffic-slot").outcome, Outcome::skipped);
}

std::string channels(const test::HttpServer& server) {
  return "notify: {to: [{webhook: '" + server.url() + "/team'}], incident: [{webhook: '" + server.url() +
         "/pager'}]}\nprecheck: {team: {window: Sun 12:00-13:00}, not_applicable: {infrastructure: none, capacity: "
         "none, "
         "deployment: none, metrics: none}}\n";
}

TEST(AnnouncedChecks, TheDeliveryIsTheEvidence) {
  test::HttpServer server([](const test::Received&) { return test::Answer{.status = 204}; });
  EnvScene scene(channels(server));
  for (const auto* check : {"stakeholders-notified", "incident-channel"})
    EXPECT_EQ(look_at(scene, check).outcome, Outcome::warn) << check;
  scene.env.run.actor = "jo";
  announce_deployment(scene.env);
  for (const auto* check : {"stakeholders-notified", "incident-channel"}) {
    const auto finding = look_at(scene, check);
    EXPECT_EQ(finding.outcome, Outcome::pass) << check;
    EXPECT_EQ(finding.observed.text(), "1/1 channels");
  }
  const auto body = parse_json(server.received().at(0).body, "body");
  EXPECT_EQ(body["subject"].string(), "Deployment v1.6.0 scheduled");
  EXPECT_EQ(body["facts"]["window"].string(), "Sun 12:00-13:00");
  EXPECT_EQ(body["facts"]["approver"].string(), "jo");
  scene.env.release.id = "id-2";
  EXPECT_EQ(look_at(scene, "incident-channel").outcome, Outcome::warn) << "another deployment was announced";
}

TEST(AnnouncedChecks, WhatOneChannelDidNotTakeWarns) {
  test::HttpServer server(
      [](const test::Received& request) { return test::Answer{.status = request.target == "/team" ? 204 : 410}; });
  EnvScene scene(channels(server));
  announce_deployment(scene.env);
  EXPECT_EQ(look_at(scene, "stakeholders-notified").outcome, Outcome::pass);
  EXPECT_EQ(look_at(scene, "incident-channel").outcome, Outcome::warn);
}

TEST(AnnouncedChecks, WithoutChannelsNobodyLooks) {
  EnvScene scene;
  for (const auto* check : {"stakeholders-notified", "incident-channel"})
    EXPECT_EQ(look_at(scene, check).outcome, Outcome::skipped) << check;
}

TEST(AnnouncedChecks, ARunAnnouncesFirstWhenItIsAskedTo) {
  test::HttpServer server([](const test::Received&) { return test::Answer{.status = 204}; });
  EnvScene scene(channels(server));
  const auto result = run({.announce = true}, scene.env);
  const auto found = std::ranges::find(result.findings, "stakeholders-notified", &Finding::id);
  EXPECT_EQ(found->outcome, Outcome::pass);
  EnvScene quiet(channels(server));
  const auto before = server.received().size();
  run({.only = {"coverage"}, .announce = true}, quiet.env);
  EXPECT_EQ(server.received().size(), before) << "a look announces nothing";
}

}  // namespace
}  // namespace baton::precheck
