// Answers are written from the services' published schemas: PagerDuty REST API v2 (GET /oncalls), Opsgenie Schedule API
// (GET /v2/schedules/{id}/timeline).
#include "common/clients/on_call.h"

#include <gtest/gtest.h>

#include "common/core/error.h"
#include "tests/support/http_server.h"

namespace baton::on_call {
namespace {

using test::HttpServer;
using test::Received;

Time at(const std::string& text) { return *parse_rfc3339(text); }
const Time kFrom = at("2026-03-01T12:00:00Z");
const Time kUntil = at("2026-03-01T14:30:00Z");

class OnCallTest : public testing::Test {
 protected:
  std::vector<Turn> ask(const std::string& kind, const std::string& body, int status = 200) {
    server_ = std::make_unique<HttpServer>([=](const Received&) {
      return test::Answer{.status = status, .headers = {{"Content-Type", "application/json"}}, .body = body};
    });
    HttpClient http({.attempts = 1}, Environment{}, clock_);
    return turns(http,
                 {.kind = kind,
                  .url = server_->url() + (kind == "url" ? "/now.json" : ""),
                  .token = "s3cret-token",
                  .name = "PABC12",
                  .pointer = "/users/0/name"},
                 kFrom, kUntil);
  }
  ExitCode refused(const std::string& kind, const std::string& body, int status = 200) {
    try {
      ask(kind, body, status);
    } catch (const Error& error) {
      EXPECT_EQ(std::string(error.what()).find("s3cret"), std::string::npos) << error.what();
      return error.code();
    }
    return ExitCode::proceed;
  }
  SystemClock clock_;
  std::unique_ptr<HttpServer> server_;
};

std::string pagerduty(const std::string& start, const std::string& end, bool more = false) {
  return R"({"oncalls":[{"escalation_policy":{"id":"PT20YPA","type":"escalation_policy_reference","summary":"Shop"},
    "escalation_level":1,"schedule":{"id":"PABC12","type":"schedule_reference","summary":"Daily"},
    "user":{"id":"PXPGF42","type":"user_reference","summary":"Jo Doe"},"start":)" +
         start + R"(,"end":)" + end + R"(}],"limit":100,"offset":0,"more":)" + (more ? "true" : "false") +
         R"(,"total":null})";
}

TEST_F(OnCallTest, PagerDutyIsAskedForTheSchedulesTurnsInTheStretch) {
  const auto turns = ask("pagerduty", pagerduty(R"("2026-03-01T09:00:00+01:00")", R"("2026-03-02T09:00:00+01:00")"));
  ASSERT_EQ(turns.size(), 1U);
  EXPECT_EQ(turns[0].person, "Jo Doe");
  EXPECT_FALSE(first_gap(turns, kFrom, kUntil));
  const auto asked = server_->received().at(0);
  EXPECT_EQ(
      asked.target,
      "/oncalls?schedule_ids%5B%5D=PABC12&since=2026-03-01T12%3A00%3A00Z&until=2026-03-01T14%3A30%3A00Z&limit=100");
  EXPECT_EQ(asked.header("Authorization"), "Token token=s3cret-token");
  EXPECT_EQ(asked.header("Accept"), "application/vnd.pagerduty+json;version=2");
}

TEST_F(OnCallTest, AnOpenEndIsNoEndAndAnEarlyOneIsAGap) {
  EXPECT_FALSE(first_gap(ask("pagerduty", pagerduty("null", "null")), kFrom, kUntil));
  const auto ends = ask("pagerduty", pagerduty("null", R"("2026-03-01T14:29:59Z")"));
  EXPECT_EQ(first_gap(ends, kFrom, kUntil), at("2026-03-01T14:29:59Z"));
  EXPECT_FALSE(first_gap(ask("pagerduty", pagerduty("null", R"("2026-03-01T14:30:00Z")")), kFrom, kUntil));
  EXPECT_EQ(first_gap(ask("pagerduty", pagerduty(R"("2026-03-01T12:00:01Z")", "null")), kFrom, kUntil), kFrom);
  EXPECT_TRUE(ask("pagerduty", R"({"oncalls":[],"more":false})").empty());
}

TEST_F(OnCallTest, TurnsFollowOneAnotherInAnyOrder) {
  const std::vector<Turn> turns = {{.person = "b", .from = at("2026-03-01T13:00:00Z")},
                                   {.person = "a", .until = at("2026-03-01T13:00:00Z")}};
  EXPECT_FALSE(first_gap(turns, kFrom, kUntil));
  EXPECT_EQ(first_gap({}, kFrom, kUntil), kFrom);
}

TEST_F(OnCallTest, OpsgenieIsAskedForItsFinalTimeline) {
  const auto turns = ask("opsgenie", R"({"data":{"_parent":{"id":"d875","name":"shop","enabled":true},
    "startDate":"2026-03-01T00:00:00Z","endDate":"2026-03-03T00:00:00Z","finalTimeline":{"rotations":[
    {"id":"7b1b","name":"day","order":1.0,"periods":[
      {"startDate":"2026-03-01T00:00:00Z","endDate":"2026-03-01T13:00:00Z","type":"default","recipient":{"id":"u1","type":"user","name":"jo@example.com"}},
      {"startDate":"2026-03-01T13:00:00Z","endDate":"2026-03-02T00:00:00Z","type":"default","recipient":{"type":"none"}}]}]}},
    "took":0.05,"requestId":"r"})");
  ASSERT_EQ(turns.size(), 1U);
  EXPECT_EQ(turns[0].person, "jo@example.com");
  EXPECT_EQ(first_gap(turns, kFrom, kUntil), at("2026-03-01T13:00:00Z"));
  const auto asked = server_->received().at(0);
  EXPECT_EQ(
      asked.target,
      "/v2/schedules/PABC12/timeline?identifierType=name&interval=2&intervalUnit=days&date=2026-03-01T12%3A00%3A00Z");
  EXPECT_EQ(asked.header("Authorization"), "GenieKey s3cret-token");
}

TEST_F(OnCallTest, AnyDocumentNamesThePersonOfNow) {
  const auto turns = ask("url", R"({"users":[{"name":"Jo"}]})");
  ASSERT_EQ(turns.size(), 1U);
  EXPECT_EQ(turns[0].person, "Jo");
  EXPECT_TRUE(ask("url", R"({"users":[{"name":" "}]})").empty());
}

TEST_F(OnCallTest, WhatIsNoAnswerIsUnknown) {
  for (const auto* body : {"", "{}", "[]", "null", "<html>", R"({"oncalls":{}})", R"({"oncalls":[{}]})",
                           R"({"oncalls":[{"user":{"summary":""},"start":null,"end":null}]})",
                           R"({"oncalls":[{"user":{"summary":"Jo"},"start":"soon","end":null}]})"})
    EXPECT_EQ(refused("pagerduty", body), ExitCode::unknown) << body;
  EXPECT_EQ(refused("pagerduty", pagerduty("null", "null", /*more=*/true)), ExitCode::unknown);
  EXPECT_EQ(refused("pagerduty", "{}", 401), ExitCode::unknown);
  for (const auto* body :
       {"", "{}", R"({"data":{"finalTimeline":{"rotations":null}}})",
        R"({"data":{"finalTimeline":{"rotations":[{"periods":[{"recipient":{"name":"x"},"startDate":1}]}]}}})"})
    EXPECT_EQ(refused("opsgenie", body), ExitCode::unknown) << body;
  for (const auto* body : {"{}", R"({"users":[{"name":7}]})", R"({"users":[]})"})
    EXPECT_EQ(refused("url", body), ExitCode::unknown) << body;
  EXPECT_EQ(refused("rota", "{}"), ExitCode::usage);
}

}  // namespace
}  // namespace baton::on_call
