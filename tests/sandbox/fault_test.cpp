// Faults and the app that has them.
#include "tests/sandbox/fault.h"

#include <gtest/gtest.h>

#include <stdexcept>

#include "tests/sandbox/app.h"

namespace baton::sandbox {
namespace {

using namespace std::chrono_literals;

class AppTest : public testing::Test {
 protected:
  App app(const std::string& fault) {
    releases_.put("v1", parse_fault(fault), clock_.now());
    return {AppSettings{.version = "v1", .pod = "web-1"}, releases_, clock_};
  }
  static int errors_of(App& app, int requests) {
    int errors = 0;
    for (int i = 0; i < requests; ++i) {
      if (app.answer({.method = "GET", .path = "/api/users"}).status == 500) ++errors;
    }
    return errors;
  }

  ManualClock clock_{Time(1'762'264'800s)};
  Releases releases_;
};

TEST(FaultTest, PiecesAreRead) {
  const auto fault =
      parse_fault("errors=8% latency=800ms after=30s until=2m slow-start=1m crash-loop sidecar-crash one-pod cpu=97%");
  EXPECT_DOUBLE_EQ(fault.errors, 0.08);
  EXPECT_EQ(fault.latency, 800ms);
  EXPECT_EQ(fault.after, 30s);
  EXPECT_EQ(fault.until, 2min);
  EXPECT_EQ(fault.slow_start, 1min);
  EXPECT_TRUE(fault.crash_loop);
  EXPECT_TRUE(fault.sidecar_crash);
  EXPECT_TRUE(fault.one_pod);
  EXPECT_DOUBLE_EQ(fault.cpu, 97);
}

TEST(FaultTest, WhatIsNoFaultIsRefused) {
  for (const auto* text : {"errors", "errors=8", "latency=fast", "crash-loop=1", "sorrow"})
    EXPECT_THROW(parse_fault(text), std::invalid_argument) << text;
}

TEST_F(AppTest, TheShareOfErrorsIsMetAlreadyInAHundredRequests) {
  auto failing = app("errors=8%");
  EXPECT_EQ(errors_of(failing, 100), 8);
  auto well = app("");
  EXPECT_EQ(errors_of(well, 100), 0);
}

TEST_F(AppTest, AFaultOfOnePodLeavesTheOthersWell) {
  auto failing = app("errors=100% one-pod");
  App other({.version = "v1", .pod = "web-2"}, releases_, clock_);
  EXPECT_EQ(errors_of(failing, 3), 3);
  EXPECT_EQ(errors_of(other, 3), 0);
}

TEST_F(AppTest, HealthAndVersionStayWellWhileUsersSuffer) {
  auto failing = app("errors=100%");
  EXPECT_EQ(failing.answer({.method = "GET", .path = "/health"}).status, 200);
  EXPECT_EQ(failing.answer({.method = "GET", .path = "/api/health/db"}).body, R"({"status":"ok"})");
  EXPECT_EQ(errors_of(failing, 3), 3);
}

TEST_F(AppTest, AFaultMayBeginLater) {
  auto later = app("errors=100% after=30s");
  EXPECT_EQ(errors_of(later, 5), 0);
  clock_.advance(30s);
  EXPECT_EQ(errors_of(later, 5), 5);
}

TEST_F(AppTest, AFaultOfTheYoungEndsByItself) {
  auto young = app("errors=100% until=30s");
  EXPECT_EQ(errors_of(young, 5), 5);
  clock_.advance(30s);
  EXPECT_EQ(errors_of(young, 5), 0);
}

TEST_F(AppTest, AFaultSetOnARunningReleaseCountsFromThen) {
  auto running = app("");
  clock_.advance(1h);
  releases_.put("v1", parse_fault("errors=100% after=10s"), clock_.now());
  EXPECT_EQ(errors_of(running, 5), 0);
  clock_.advance(10s);
  EXPECT_EQ(errors_of(running, 5), 5);
}

TEST_F(AppTest, ItIsReadyAfterItsSlowStart) {
  auto slow = app("slow-start=20s");
  EXPECT_EQ(slow.answer({.method = "GET", .path = "/health"}).status, 503);
  clock_.advance(20s);
  EXPECT_EQ(slow.answer({.method = "GET", .path = "/health"}).status, 200);
}

TEST_F(AppTest, AfterSigtermEveryAnswerClosesItsConnection) {
  auto ending = app("");
  EXPECT_FALSE(ending.answer({.method = "GET", .path = "/health"}).close);
  ending.terminate();
  EXPECT_TRUE(ending.answer({.method = "GET", .path = "/health"}).close);
}

TEST_F(AppTest, TheMetricsCountWhatWasAnswered) {
  auto failing = app("errors=50%");
  errors_of(failing, 10);
  const auto text = failing.answer({.method = "GET", .path = "/metrics"}).body;
  EXPECT_NE(text.find("http_requests_total{method=\"GET\",status=\"200\"} 5\n"), std::string::npos) << text;
  EXPECT_NE(text.find("http_requests_total{method=\"GET\",status=\"500\"} 5\n"), std::string::npos);
  EXPECT_NE(text.find("http_request_duration_seconds_bucket{le=\"+Inf\"} 10\n"), std::string::npos);
}

TEST_F(AppTest, AForcedCpuUseGrowsWithTime) {
  auto busy = app("cpu=90%");
  const auto before = busy.cpu_seconds(2);
  clock_.advance(10s);
  EXPECT_NEAR(busy.cpu_seconds(2) - before, 18, 0.1);
}

}  // namespace
}  // namespace baton::sandbox
