// The release as it runs on staging: its digest, and what its pods log.
#include <gtest/gtest.h>

#include "common/io/clock.h"
#include "tests/precheck/scene.h"
#include "tests/sandbox/fixture.h"
#include "tests/support/http_server.h"

namespace baton::precheck {
namespace {

using namespace std::chrono_literals;
using test::EnvScene;

constexpr std::string_view kStaging = R"(
apiVersion: v1
kind: Namespace
metadata: {name: staging}
---
apiVersion: v1
kind: Service
metadata: {name: myapp, namespace: staging}
spec: {selector: {app: shop}, ports: [{name: http, port: 8080, targetPort: 8080}]}
)";

/// A playground whose namespace "staging" has the Service of an app that is deployed there; v1.6.0 is the release.
class StagingCluster : public testing::Test {
 protected:
  StagingCluster() {
    playground.set_fault("v1.6.0");
    playground.create(std::string(kStaging));
  }
  /// One pod of that image on staging, ready.
  void deploy(const std::string& name, const std::string& image) {
    playground.create("apiVersion: v1\nkind: Pod\nmetadata: {name: " + name +
                      ", namespace: staging, labels: {app: shop}}\nspec: {containers: [{name: web, image: \"" + image +
                      "\", ports: [{containerPort: 8080}]}]}\n");
    await(name, [](const Json& pod) { return pod["status"]["containerStatuses"].items()[0]["ready"] == Json(true); });
  }
  void await(const std::string& name, const std::function<bool(const Json&)>& is_so) {
    SystemClock clock;
    const auto end = clock.monotonic() + 20s;
    auto& store = playground.sandbox().store();
    const sandbox::Key key{.kind = &sandbox::kind_named("Pod"), .ns = "staging", .name = name};
    for (auto pod = store.get(key); pod["status"]["containerStatuses"].is_null() || !is_so(pod); pod = store.get(key)) {
      if (clock.monotonic() > end) throw std::runtime_error("no: " + to_text(pod));
      store.changes_since(store.revision(), 50ms, {});
    }
  }
  std::string tag(const std::string& version) const { return playground.image() + ":" + version; }
  Finding finding(const std::string& check, const std::string& more = "", const std::string& ns = "staging") {
    EnvScene scene(
        "image: '" + playground.image() +
        "'\nkubernetes: {service: myapp, namespace: production}\nprecheck: {staging: {kubernetes: {namespace: " + ns +
        "}" + more + "}}");
    scene.environment = Environment({{"KUBECONFIG", playground.kubeconfig()}});
    return look_at(scene, check);
  }
  /// Lets the pods' app answer a user, with an error where its release is told to.
  void ask_a_user() {
    SystemClock clock;
    HttpClient http({.attempts = 50}, Environment(), clock);
    http.send({.url = playground.sandbox().front_url("staging/myapp") + "/api/users"});
  }

  test::Playground playground;
};

TEST_F(StagingCluster, PassesWhereEveryPodRunsTheReleasesDigest) {
  deploy("a", tag("v1.6.0"));
  deploy("b", tag("v1.6.0"));
  const auto found = finding("staging-digest");
  EXPECT_EQ(found.outcome, Outcome::pass) << found.message;
  EXPECT_EQ(found.message.find("2/2 pods on staging run sha256:"), 0U) << found.message;
  EXPECT_NE(found.message.find(", 2 ready"), std::string::npos) << found.message;
}

TEST_F(StagingCluster, APodOfAnotherReleaseFails) {
  deploy("a", tag("v1.6.0"));
  deploy("b", tag("v1.5.0"));
  const auto found = finding("staging-digest");
  EXPECT_EQ(found.outcome, Outcome::fail) << found.message;
  EXPECT_NE(found.message.find("1/2 pods on staging run "), std::string::npos) << found.message;
  EXPECT_NE(found.message.find("'b' runs sha256:"), std::string::npos) << found.message;
}

TEST_F(StagingCluster, NoPodNoServiceAndProductionItselfAreUnknown) {
  for (const auto* check : {"staging-digest", "staging-logs"}) {
    EXPECT_EQ(finding(check).message, "no pod is behind the Service 'myapp' on staging") << check;
    EXPECT_EQ(finding(check).outcome, Outcome::unknown);
    EXPECT_EQ(finding(check, "", "elsewhere").outcome, Outcome::unknown);
    const auto production = finding(check, "", "production");
    EXPECT_EQ(production.outcome, Outcome::unknown);
    EXPECT_EQ(production.message.find("precheck.staging.kubernetes leads to production itself"), 0U)
        << production.message;
  }
}

TEST_F(StagingCluster, WhoseDigestIsNotKnownIsUnknown) {
  deploy("a", tag("v1.6.0"));
  EnvScene scene("image: '" + playground.image() +
                 "'\ntag: v9.9.9\nkubernetes: {service: myapp, namespace: production}\n"
                 "precheck: {staging: {kubernetes: {namespace: staging}}}");
  scene.environment = Environment({{"KUBECONFIG", playground.kubeconfig()}});
  EXPECT_EQ(look_at(scene, "staging-digest").outcome, Outcome::unknown);
  EXPECT_EQ(look_at(scene, "staging-logs").outcome, Outcome::unknown);
}

TEST_F(StagingCluster, WhereNoPodIsReadyItIsUnknown) {
  playground.set_fault("v1.6.0", "never-ready");
  playground.create(
      "apiVersion: v1\nkind: Pod\nmetadata: {name: a, namespace: staging, labels: {app: shop}}\n"
      "spec: {containers: [{name: web, image: \"" +
      tag("v1.6.0") + "\", readinessProbe: {httpGet: {path: /health, port: 8080}}}]}\n");
  await("a", [](const Json& pod) {
    return !pod["status"]["containerStatuses"].items()[0]["imageID"].string_or("").empty();
  });
  const auto found = finding("staging-digest");
  EXPECT_EQ(found.outcome, Outcome::unknown) << found.message;
  EXPECT_NE(found.message.find("1/1 pods on staging run "), std::string::npos) << found.message;
}

TEST_F(StagingCluster, LogsWithoutAnErrorPass) {
  deploy("a", tag("v1.6.0"));
  const auto found = finding("staging-logs");
  EXPECT_EQ(found.outcome, Outcome::pass) << found.message;
  EXPECT_EQ(found.message.find("0 errors in 2 lines of 1 pod, all since "), 0U) << found.message;
}

// SOP 1.4: no errors in logs.
TEST_F(StagingCluster, AnErrorInTheLogsFailsAndIsShown) {
  playground.set_fault("v1.6.0", "errors=100%");
  deploy("a", tag("v1.6.0"));
  ask_a_user();
  const auto found = finding("staging-logs");
  EXPECT_EQ(found.outcome, Outcome::fail) << found.message;
  EXPECT_NE(found.message.find("a: ERROR GET /api/users 500"), std::string::npos) << found.message;
  EXPECT_EQ(found.observed, Measured(1, "errors"));
  EXPECT_EQ(finding("staging-logs", ", log_allow: [\"cannot read property\"]").outcome, Outcome::pass);
  EXPECT_EQ(finding("staging-logs", ", log_errors: [Exception]").outcome, Outcome::pass);
}

TEST_F(StagingCluster, LogsOfAnotherReleaseSayNothing) {
  deploy("b", tag("v1.5.0"));
  const auto found = finding("staging-logs");
  EXPECT_EQ(found.outcome, Outcome::unknown) << found.message;
  EXPECT_EQ(found.message.find("no pod on staging runs sha256:"), 0U) << found.message;
}

TEST_F(StagingCluster, LogsThatMayNotBeReadAreUnknown) {
  deploy("a", tag("v1.6.0"));
  playground.sandbox().access().deny("get pods/log");
  const auto found = finding("staging-logs");
  EXPECT_EQ(found.outcome, Outcome::unknown) << found.message;
  EXPECT_NE(found.recovery.at(0).find("'get' on 'pods/log'"), std::string::npos) << found.recovery.at(0);
}

/// Another API server than production's, which a test writes.
Finding logs_of(const std::string& log, int restarts = 0) {
  test::Playground playground;
  playground.set_fault("v1.6.0");
  const auto status = [&](const std::string& digest) {
    return R"({"kind":"PodList","apiVersion":"v1","metadata":{},"items":[{"metadata":{"name":"a","uid":"u"},"spec":{"containers":[{"name":"web","image":"x@)" +
           digest + R"("}]},"status":{"containerStatuses":[{"name":"web","state":{"running":{}},"restartCount":)" +
           std::to_string(restarts) + "}]}}]}";
  };
  SystemClock clock;
  HttpClient http({}, Environment(), clock);
  const auto repository = playground.image();
  const auto slash = repository.find('/');
  const auto digest = http.send({.url = "http://" + repository.substr(0, slash) + "/v2" + repository.substr(slash) +
                                        "/manifests/v1.6.0",
                                 .headers = {{"Accept", "*/*"}}})
                          .header("Docker-Content-Digest");
  test::HttpServer staging([&](const test::Received& request) {
    test::Answer answer{.headers = {{"Content-Type", "application/json"}}};
    if (request.target.find("/log?") != std::string::npos) return test::Answer{.body = log};
    answer.body = request.target.find("/services/") != std::string::npos
                      ? R"({"metadata":{"name":"web"},"spec":{"selector":{"app":"shop"}}})"
                      : status(digest);
    return answer;
  });
  EnvScene scene("image: '" + repository +
                 "'\nkubernetes: {context: production, service: myapp, namespace: production}\n"
                 "precheck: {staging: {kubernetes: {context: staging, namespace: staging, service: web}}}");
  const TempFolder folder;
  write_file(
      folder.path() / "config",
      "apiVersion: v1\nkind: Config\nclusters: [{name: p, cluster: {server: '" + playground.api_url() +
          "'}}, {name: s, cluster: {server: '" + staging.url() +
          "'}}]\nusers: [{name: u, user: {token: t}}]\ncontexts: [{name: production, context: {cluster: p, user: u}}, "
          "{name: staging, context: {cluster: s, user: u}}]\ncurrent-context: production\n");
  scene.environment = Environment({{"KUBECONFIG", (folder.path() / "config").string()}});
  return look_at(scene, "staging-logs");
}

const std::string kLine = "2026-03-01T12:00:00Z started\n";

TEST(StagingLogsCheck, StagingMayBeAnotherCluster) {
  const auto found = logs_of(kLine);
  EXPECT_EQ(found.outcome, Outcome::pass) << found.message;
}

TEST(StagingLogsCheck, NoLineAtAllIsUnknown) {
  const auto found = logs_of("");
  EXPECT_EQ(found.outcome, Outcome::unknown);
  EXPECT_EQ(found.message, "the pods on staging have written no line");
}

TEST(StagingLogsCheck, ARestartWarns) {
  const auto found = logs_of(kLine, 1);
  EXPECT_EQ(found.outcome, Outcome::warn) << found.message;
  EXPECT_NE(found.message.find("0 errors in 2 lines"), std::string::npos) << "the run before it is read, too";
}

TEST(StagingLogsCheck, ALogThatIsTooLongToReadIsUnknownUnlessItHoldsAnError) {
  std::string much;
  const auto line = "2026-03-01T12:00:00Z " + std::string(1000, 'x') + "\n";
  while (much.size() <= (16U << 20U)) much += line;
  EXPECT_EQ(logs_of(much).outcome, Outcome::unknown);
  EXPECT_EQ(logs_of("2026-03-01T12:00:00Z FATAL no disk\n" + much).outcome, Outcome::fail);
}

TEST(StagingLogsCheck, WhatIsNoLogIsUnknown) { EXPECT_EQ(logs_of("<html>login</html>\n").outcome, Outcome::unknown); }

}  // namespace
}  // namespace baton::precheck
