// Pods through the API server: whose word an answer is.
#include "common/clients/kube/client.h"
#include "tests/common/clients/kube/scene.h"

namespace baton::kube {
namespace {

using namespace std::chrono_literals;

class PodProxyTest : public KubeTest {
 protected:
  ProxyAnswer ask(const HttpServer& script) { return client(script).pod_proxy("p", 8080, "/health?full=1", 5s); }
};

TEST_F(PodProxyTest, AnAnswerOfThePodIsAnAnswerWhateverItsStatus) {
  for (const int code : {200, 204, 302, 404, 500, 503}) {
    HttpServer script([&](const Received&) { return Answer{.status = code, .headers = {{"X-App-Version", "v1"}}}; });
    const ProxyAnswer answer = ask(script);
    EXPECT_EQ(answer.status, code);
    EXPECT_EQ(script.received().at(0).target, "/api/v1/namespaces/shop/pods/p%3A8080/proxy/health?full=1");
  }
}

TEST_F(PodProxyTest, APodThatAsksToWaitIsNotAskedTwice) {
  HttpServer script([&](const Received&) {
    return Answer{.status = 503, .headers = {{"Retry-After", "1"}}, .body = "busy"};
  });
  EXPECT_EQ(ask(script).body, "busy");
  EXPECT_EQ(script.received().size(), 1U);
}

TEST_F(PodProxyTest, JsonOfThePodIsNotMistakenForTheApiServersWord) {
  for (const char* body : {R"({"kind":"Status","message":"error"})",
                           R"({"kind":"Status","apiVersion":"v1","code":500})", R"({"kind":"Status","code":503})"}) {
    HttpServer script([&](const Received&) { return Answer{.status = 503, .body = body}; });
    EXPECT_EQ(ask(script).body, body);
  }
}

TEST_F(PodProxyTest, AnUnreachablePodIsSaidInBothWaysTheApiServersHave) {
  HttpServer recent([](const Received&) {
    return status(503, "ServiceUnavailable",
                  "error trying to reach service: dial tcp 10.1.1.1:8080: connect: connection refused");
  });
  EXPECT_STREQ(refusal_of([&] { ask(recent); }).what(),
               "cannot reach pod 'p' on port 8080: dial tcp 10.1.1.1:8080: connect: connection refused");
  HttpServer old([](const Received&) {
    return Answer{.status = 503, .body = "Error: 'connection refused'\nTrying to reach: 'http://10.1.1.1:8080/health'"};
  });
  EXPECT_STREQ(refusal_of([&] { ask(old); }).what(), "cannot reach pod 'p' on port 8080: connection refused");
}

TEST_F(PodProxyTest, ARefusalOfTheApiServerIsNoAnswerOfThePod) {
  HttpServer absent([](const Received&) { return status(404, "NotFound", "pods \"p\" not found"); });
  EXPECT_EQ(refusal_of([&] { ask(absent); }).status(), 404);
  HttpServer forbidden([](const Received&) { return status(403, "Forbidden", "no"); });
  EXPECT_NE(refusal_of([&] { ask(forbidden); }).hint().find("'get' on 'pods/proxy'"), std::string::npos);
}

using Seen = std::vector<std::pair<Time, std::string>>;

class PodLogTest : public KubeTest {
 protected:
  /// Whether all was read.
  bool read(const HttpServer& script, Seen& seen, const LogPart& part = {}) {
    return client(script).visit_log("p", "web", part,
                                    [&](Time at, std::string_view text) { seen.emplace_back(at, std::string(text)); });
  }
};

TEST_F(PodLogTest, EachLineComesWithItsTime) {
  HttpServer script([](const Received&) {
    return Answer{.body =
                      "2026-03-01T12:00:00.123456789Z one\n2026-03-01T14:00:01+02:00 two words\r\n"
                      "2026-03-01T12:00:02Z\n2026-03-01T12:00:03Z cut",
                  .frame = Answer::Frame::chunked};
  });
  Seen seen;
  EXPECT_TRUE(read(script, seen, {.run = ContainerRun::previous, .last_lines = 9, .max_bytes = 999}));
  const auto at = *parse_rfc3339("2026-03-01T12:00:00Z");
  EXPECT_EQ(seen, (Seen{{at + 123ms, "one"}, {at + 1s, "two words"}, {at + 2s, ""}, {at + 3s, "cut"}}));
  EXPECT_EQ(
      script.received().at(0).target,
      "/api/v1/namespaces/shop/pods/p/log?container=web&timestamps=true&limitBytes=1000&previous=true&tailLines=9");
}

TEST_F(PodLogTest, ALogOfNothingIsWhole) {
  HttpServer script([](const Received&) { return Answer{}; });
  Seen seen;
  EXPECT_TRUE(read(script, seen));
  EXPECT_TRUE(seen.empty());
}

TEST_F(PodLogTest, ALogThatGoesOnIsCutBetweenLines) {
  const std::string line = "2026-03-01T12:00:00Z one\n";
  HttpServer script([&](const Received&) { return Answer{.body = line + line.substr(0, 7)}; });
  Seen seen;
  EXPECT_FALSE(read(script, seen, {.max_bytes = line.size() + 6}));
  EXPECT_EQ(seen.size(), 1U);
  seen.clear();
  HttpServer whole([&](const Received&) { return Answer{.body = line}; });
  EXPECT_TRUE(read(whole, seen, {.max_bytes = line.size()}));
  EXPECT_EQ(seen.size(), 1U);
}

TEST_F(PodLogTest, OfALongLineTheBeginningIsKept) {
  HttpServer script([](const Received&) {
    return Answer{.body = "2026-03-01T12:00:00Z " + std::string(200'000, 'x') + "\n2026-03-01T12:00:00Z next\n"};
  });
  Seen seen;
  EXPECT_TRUE(read(script, seen));
  ASSERT_EQ(seen.size(), 2U);
  EXPECT_EQ(seen[0].second.size(), (64U << 10U) - 21);
  EXPECT_EQ(seen[1].second, "next");
}

TEST_F(PodLogTest, WhatIsNoLogIsRefused) {
  HttpServer kubelet([](const Received&) { return Answer{.body = "unable to retrieve container logs for x"}; });
  Seen seen;
  const auto error = test::error_of<Error>([&] { return read(kubelet, seen); });
  EXPECT_EQ(error.code(), ExitCode::unknown);
  EXPECT_STREQ(error.what(),
               "what the API server gives for the log of pod 'p' is none: 'unable to retrieve container logs for x'");
  HttpServer forbidden([](const Received&) { return status(403, "Forbidden", "no"); });
  const auto refused = test::error_of<ApiError>([&] { return read(forbidden, seen); });
  EXPECT_EQ(refused.status(), 403);
  EXPECT_NE(refused.hint().find("'get' on 'pods/log'"), std::string::npos);
}

}  // namespace
}  // namespace baton::kube
