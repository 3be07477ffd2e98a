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

}  // namespace
}  // namespace baton::kube
