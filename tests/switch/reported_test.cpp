// What users of other deployers reported, each as they met it: the right end, and nobody who was let down. Rows of
// tests/trials.md.
#include <gtest/gtest.h>

#include <future>
#include <thread>

#include "common/rollout/pods.h"
#include "tests/sandbox/load.h"
#include "tests/sandbox/refusal.h"
#include "tests/support/places.h"
#include "tests/support/prometheus.h"
#include "tests/support/refusal.h"
#include "tests/switch/runner.h"

namespace baton::cutover {
namespace {

using namespace std::chrono_literals;
using test::says;

/// Users of the Service, from its beginning to its end: half of them on connections that they keep.
class Users {
 public:
  explicit Users(Runner& runner) : url_(runner.playground.front_url() + "/api/users") {}
  ~Users() {
    if (asking_.joinable()) leave();
  }
  Users(const Users&) = delete;
  Users& operator=(const Users&) = delete;

  sandbox::LoadCounts leave() {
    asking_.request_stop();
    asking_.join();
    return counts_;
  }
  void expect_served() {
    const auto counts = leave();
    EXPECT_GT(counts.total, 100U);
    EXPECT_EQ(counts.failed, 0U) << counts.first_failure;
    EXPECT_EQ(counts.server_errors, 0U);
  }

 private:
  std::string url_;
  sandbox::LoadCounts counts_ = {};
  std::jthread asking_{[this](const std::stop_token& stop) {
    counts_ = sandbox::run_load({.url = url_, .rps = 100, .lasting = 100s}, stop);
  }};
};

class ReportedTest : public testing::Test {
 protected:
  ReportedTest() { runner.playground.set_fault("v1.6.0"); }

  template <typename Condition>
  void await(Condition condition) {
    for (int left = 1200; left > 0 && !condition(); --left) runner.clock.sleep_for(20ms, {});
    ASSERT_TRUE(condition());
  }
  std::future<Ended> begin(std::vector<std::string> more = {}) {
    return std::async(std::launch::async, [this, more] { return runner.release("v1.6.0", more); });
  }
  static std::vector<std::string> soak(const std::string& length) {
    return {"--set=switch.soak=" + length, "--set=switch.soak_max=" + length};
  }
  void patch(const kube::Resource& resource, const std::string& merge) {
    runner.kube.merge_patch(resource, "myapp", parse_json(merge, "test"));
  }
  std::string digest(const std::string& version) {
    HttpClient http({}, Environment(), runner.clock);
    const auto image = runner.playground.image();
    const auto slash = image.find('/');
    return http
        .send({.url = "http://" + image.substr(0, slash) + "/v2" + image.substr(slash) + "/manifests/" + version})
        .header("Docker-Content-Digest");
  }
  Json live() { return runner.kube.get(kube::kDeployments, "myapp"); }
  /// The next colour's, as the live one is but for `change`.
  std::string manifest(const std::function<void(Json&)>& change) {
    auto deployment = live();
    deployment.erase("status");
    deployment["metadata"] = Json::object({{"name", "myapp"}});
    change(deployment["spec"]);
    const auto file = runner.folder.path() / "deployment.json";
    write_file(file, to_text(deployment));
    return "--set=kubernetes.manifest=" + file.string();
  }
  Runner runner;
};

// c10
TEST_F(ReportedTest, AvailableOnlyAWhileAfterItIsReadyIsWaitedFor) {
  runner.playground.set_fault("v1.6.0", "slow-start=2s");
  Users users(runner);
  const auto slow = manifest([](Json& spec) { spec["minReadySeconds"] = 3; });
  const auto begun = runner.clock.monotonic();
  const auto ended = runner.release("v1.6.0", {slow});
  EXPECT_EQ(ended.code, 0) << ended.output << ended.error;
  EXPECT_GE(runner.clock.monotonic() - begun, 5s);
  users.expect_served();
}

// c12
TEST_F(ReportedTest, ASidecarThatDiesInPodsThatStayReadyTakesTheReleaseBack) {
  const auto sidecar =
      Json::array({Json::object({{"op", "add"},
                                 {"path", "/spec/template/spec/containers/-"},
                                 {"value", Json::object({{"name", "proxy"}, {"image", "proxy:v1"}})}})});
  runner.kube.json_patch(kube::kDeployments, "myapp", sidecar);
  runner.playground.await_rollout("myapp");
  runner.playground.set_fault("v1.6.0", "sidecar-crash after=3s");
  Users users(runner);
  const auto ended = runner.release("v1.6.0", soak("20s"));
  EXPECT_EQ(ended.code, 4) << ended.output << ended.error;
  EXPECT_TRUE(says(ended.output, " restarts of 'myapp-green' since the switch"));
  EXPECT_EQ(runner.selector(), kBlue);
  EXPECT_EQ(runner.replicas("myapp-green"), 0);
  users.expect_served();
}

// c19, its last part
TEST_F(ReportedTest, AColourThatListensOnAnotherPortThanTheServiceTargetsStopsBeforeTraffic) {
  patch(kube::kServices, R"({"spec":{"ports":[{"name":"http","port":8080,"targetPort":8080}]}})");
  Users users(runner);
  const auto elsewhere = manifest([](Json& spec) {
    auto& container = spec["template"]["spec"]["containers"].items().front();
    container["ports"].items().front()["containerPort"] = 9090;
  });
  const auto ended = runner.release("v1.6.0", {elsewhere});
  EXPECT_EQ(ended.code, 3) << ended.output << ended.error;
  EXPECT_EQ(runner.selector(), kOriginal);
  EXPECT_LE(runner.replicas("myapp-green"), 0);
  users.expect_served();
}

// c20
TEST_F(ReportedTest, AnotherDeploymentsPodThatGetsReadyMeanwhileStaysOutside) {
  runner.playground.set_fault("v1.4.0", "never-ready");
  runner.playground.create(R"(
apiVersion: apps/v1
kind: Deployment
metadata: {name: other}
spec:
  replicas: 1
  selector: {matchLabels: {app: myapp, tier: other}}
  template:
    metadata: {labels: {app: myapp, tier: other}}
    spec: {containers: [{name: c, image: "{{registry}}/other:v1.4.0", ports: [{name: http, containerPort: 8080}]}]}
)");
  runner.playground.set_fault("v1.6.0", "slow-start=3s");
  Users users(runner);
  auto running = begin();
  await([&] { return runner.selector() == kBlue; });
  runner.playground.set_fault("v1.4.0");
  runner.playground.await_rollout("other");
  const auto ended = running.get();
  EXPECT_EQ(ended.code, 0) << ended.output << ended.error;
  EXPECT_EQ(runner.selector(), kGreen);
  const auto counts = users.leave();
  EXPECT_EQ(counts.failed, 0U) << counts.first_failure;
  EXPECT_FALSE(counts.fresh.contains("v1.4.0") || counts.kept.contains("v1.4.0"));
}

// c22
TEST_F(ReportedTest, WhatHelmInstalledIsAdoptedAndItsMarksStayWithIt) {
  const auto marks = R"("metadata":{"labels":{"app.kubernetes.io/managed-by":"Helm"},"annotations":)"
                     R"({"meta.helm.sh/release-name":"myapp","meta.helm.sh/release-namespace":"production"}})";
  patch(kube::kServices, "{" + std::string(marks) + "}");
  const auto pinned =
      Json::array({Json::object({{"op", "replace"},
                                 {"path", "/spec/template/spec/containers/0/image"},
                                 {"value", runner.playground.image() + ":v1.5.0@" + digest("v1.5.0")}})});
  runner.kube.json_patch(kube::kDeployments, "myapp", pinned);
  patch(kube::kDeployments,
        "{" + std::string(marks) +
            R"(,"spec":{"revisionHistoryLimit":0,"template":{"metadata":{"labels":{"version":"1.0.0",)"
            R"("app.kubernetes.io/managed-by":"Helm","app.kubernetes.io/version":"1.0.0"},"annotations":)"
            R"({"kubectl.kubernetes.io/restartedAt":"2026-01-01T00:00:00Z"}}}}})");
  runner.playground.await_rollout("myapp");
  Users users(runner);
  const auto ended = runner.release("v1.6.0");
  EXPECT_EQ(ended.code, 0) << ended.output << ended.error;
  EXPECT_TRUE(says(to_text(runner.handoff()["findings"]), "belongs to a Helm release"));
  users.expect_served();
  const auto next = runner.kube.get(kube::kDeployments, "myapp-green");
  EXPECT_EQ(to_text(next["metadata"]).find("helm"), std::string::npos) << "Helm would delete it as its own";
  EXPECT_EQ(next["metadata"]["labels"].find("app.kubernetes.io/managed-by"), nullptr);
  const auto labels = rollout::labels_from(next["spec"]["template"]["metadata"]["labels"]);
  EXPECT_EQ(labels, (rollout::Labels{{"app", "myapp"},
                                     {"app.kubernetes.io/managed-by", "Helm"},
                                     {"app.kubernetes.io/version", "1.0.0"},
                                     {"colour", "green"},
                                     {"version", "1.0.0"}}))
      << "what its owner selects by is the owner's";
  EXPECT_EQ(live()["metadata"]["annotations"]["meta.helm.sh/release-name"].string_or(""), "myapp");
}

// c23: a file that is rotated by '>' is empty for a moment.
TEST_F(ReportedTest, ATokenFileThatIsEmptyForAMomentGoesUnnoticed) {
  const auto token = runner.folder.path() / "token";
  const auto text = runner.token_in(token);
  Users users(runner);
  auto running = begin(soak("6s"));
  await([&] { return runner.is_proved(); });
  runner.playground.sandbox().set_witness([](const sandbox::Question& question, sandbox::Moment) {
    if (!question.header("Authorization").empty()) return true;
    throw sandbox::Refusal(403, "Forbidden", "User \"system:anonymous\" cannot do that");
  });
  write_file(token, "");
  runner.clock.sleep_for(2s, {});
  write_file(token, text);
  const auto ended = running.get();
  runner.playground.sandbox().set_witness({});
  EXPECT_EQ(ended.code, 0) << ended.output << ended.error;
  EXPECT_EQ(ended.error.find("held"), std::string::npos) << ended.error;
  users.expect_served();
}

// c23: the token is dead, the release bad.
TEST_F(ReportedTest, ADeadTokenInTheSoakSaysThatAnUnjudgedReleaseIsLiveAndTheNextRunTakesItBack) {
  auto running = begin(soak("8s"));
  await([&] { return runner.is_proved(); });
  runner.playground.set_fault("v1.6.0", "errors=100%");
  runner.playground.sandbox().set_witness([](const sandbox::Question&, sandbox::Moment) -> bool {
    throw sandbox::Refusal(401, "Unauthorized", "Unauthorized");
  });
  const auto ended = running.get();
  EXPECT_EQ(ended.code, 6) << ended.output << ended.error;
  EXPECT_TRUE(says(ended.output, "'myapp-green' may serve v1.6.0, and nobody could judge it"));
  EXPECT_TRUE(says(ended.output + ended.error, "Renew the token"));
  runner.playground.sandbox().set_witness({});
  EXPECT_EQ(runner.selector(), kGreen);
  const auto next = runner.release("v1.6.0", soak("8s"));
  EXPECT_EQ(next.code, 4) << next.output << next.error;
  EXPECT_EQ(runner.selector(), kBlue);
}

// c24
TEST_F(ReportedTest, AnOldColourThatWasScaledAwayByHandComesUpBeforeItGetsTheTraffic) {
  ASSERT_EQ(runner.release("v1.6.0").code, 0);
  runner.playground.scale("myapp", 0);
  runner.playground.await_rollout("myapp");
  Users users(runner);
  const auto back = runner.run("rollback", {"--reason=r", "--by=jo"});
  EXPECT_EQ(back.code, 0) << back.output << back.error;
  EXPECT_EQ(runner.replicas("myapp"), 2);
  EXPECT_EQ(runner.replicas("myapp-green"), 0);
  EXPECT_EQ(runner.selector(), kBlue);
  users.expect_served();
}

TEST_F(ReportedTest, APersonsReasonIsTextAndNothingElse) {
  ASSERT_EQ(runner.release("v1.6.0").code, 0);
  const auto back =
      runner.run("rollback", {"--reason=r\n::error::owned\x1b[31m ##[error]owned", "--by=jo\n::error::owned"});
  EXPECT_EQ(back.code, 0) << back.output << back.error;
  const auto all = "\n" + back.output + "\n" + back.error;
  EXPECT_TRUE(says(all, "r\\x0a::error::owned\\x1b[31m ## [error]owned (by jo\\x0a::error::owned)")) << all;
  for (const auto* raw : {"\n::error", "\x1b[31m", "##["}) EXPECT_FALSE(says(all, raw)) << raw;
}

// c24, by watch
TEST_F(ReportedTest, WatchGoesBackToAnOldColourThatWasScaledAwayByHand) {
  ASSERT_EQ(runner.release("v1.6.0").code, 0);
  runner.playground.scale("myapp", 0);
  runner.playground.await_rollout("myapp");
  runner.playground.set_fault("v1.6.0", "never-ready");
  const auto ended =
      runner.run_tool("baton-watch", "run", {"--release=v1.6.0", "--set=precheck.not_applicable={metrics: a test}"});
  EXPECT_EQ(ended.code, 4) << ended.output << ended.error;
  EXPECT_EQ(runner.replicas("myapp"), 2);
  EXPECT_EQ(runner.replicas("myapp-green"), 0);
  EXPECT_EQ(runner.selector(), kBlue);
}

// c26
TEST_F(ReportedTest, OfTwoReleasesAtOnceTheSecondIsToldWhenToComeAgain) {
  runner.playground.set_fault("v1.6.1");
  Users users(runner);
  auto running = begin(soak("6s"));
  await([&] { return runner.is_proved(); });
  const auto second = runner.release_from("second", "v1.6.1");
  EXPECT_EQ(second.code, 75) << second.output << second.error;
  EXPECT_TRUE(says(second.output, "Run again at 2"));
  const auto first = running.get();
  EXPECT_EQ(first.code, 0) << first.output << first.error;
  EXPECT_EQ(runner.selector(), kGreen);
  const auto again = runner.release_from("second", "v1.6.1");
  EXPECT_EQ(again.code, 0) << again.output << again.error;
  EXPECT_EQ(runner.selector(), kBlue);
  users.expect_served();
}

// c27: what is open to the bad colour outlasts the drain.
TEST(DrainedTest, StreamsThatOutliveTheDrainAreSaidAndThoseOfTheOldColourAreNotCut) {
  Runner runner({.drain_limit = 150s});
  runner.playground.set_fault("v1.6.0");
  runner.kube.merge_patch(
      kube::kDeployments, "myapp",
      parse_json(R"({"spec":{"template":{"spec":{"terminationGracePeriodSeconds":150}}}})", "test"));
  runner.playground.await_rollout("myapp");
  Users users(runner);  // half of them keep their connections to the old colour
  ASSERT_EQ(runner.release("v1.6.0").code, 0);
  HttpClient stream({}, Environment(), runner.clock);
  const auto green = runner.kube.list(kube::kPods, {.labels = "version=green"});
  const auto url = "http://" + green.front()["status"]["podIP"].string() + ":8080/health";
  ASSERT_TRUE(stream.send({.url = url}).is_success());  // and the connection stays
  const auto ended = runner.run("rollback", {"--reason=r", "--by=jo"});
  EXPECT_EQ(ended.code, 0) << ended.output << ended.error;
  EXPECT_TRUE(says(ended.output, "'myapp' serves again"));
  EXPECT_TRUE(says(ended.output,
                   "what is open to 'myapp-green' stays on it until its pods end: 1 pod of 'myapp-green' did not end "
                   "within 1m"));
  EXPECT_EQ(runner.selector(), kBlue);
  users.expect_served();
}

class MeasuredTest : public ReportedTest {
 protected:
  std::vector<std::string> measured(const test::PrometheusServer& store) const {
    return {"--set=metrics.prometheus=" + store.url(), "--set=watch.baseline=3s",
            "--set=switch.smoke=[{path: /health}]"};
  }
  std::string api = runner.playground.api_url().substr(std::string("http://").size());
};

// c29: the store knows nothing of the new colour. What switch could not judge is live, so somebody must watch it.
TEST_F(MeasuredTest, AReleaseWithoutMetricsThatSwitchCouldNotJudgeIsWatchedAllTheSame) {
  const test::PrometheusServer empty(api, "/nothing-to-scrape");
  runner.playground.set_fault("v1.6.0", "errors=50%");
  auto options = measured(empty);
  const auto ended = runner.release("v1.6.0", options);
  EXPECT_EQ(ended.code, 6) << ended.output << ended.error;
  EXPECT_TRUE(says(ended.output, "counts its requests: is it scraped?"));
  EXPECT_EQ(runner.handoff()["verdict"].string(), "unknown");
  EXPECT_EQ(runner.selector(), kGreen);
  auto words = runner.command("tick", {"--release=v1.6.0"});
  words.insert(words.end(), options.begin(), options.end());
  words.front() = (test::build_folder() / "baton-watch").string();
  std::erase(words, "--standalone");
  const auto watched = runner.execute(words);
  EXPECT_EQ(watched.code, 75) << watched.output << watched.error;
  words.emplace_back("--strict");
  EXPECT_EQ(runner.execute(words).code, 7);
}

// c34
TEST_F(MeasuredTest, OneOfThreePodsThatFailsTakesTheReleaseBack) {
  runner.playground.scale("myapp", 3);
  runner.playground.await_rollout("myapp");
  const test::PrometheusServer store(api, "/sandbox/metrics");
  Users users(runner);
  runner.playground.set_fault("v1.6.0", "errors=30% one-pod");
  auto options = measured(store);
  options.insert(options.end(), {"--set=switch.soak=25s", "--set=switch.soak_max=25s"});
  const auto ended = runner.release("v1.6.0", options);
  EXPECT_EQ(ended.code, 4) << ended.output << ended.error;
  EXPECT_TRUE(says(ended.output, "error rate"));
  EXPECT_EQ(runner.selector(), kBlue);
  const auto counts = users.leave();
  EXPECT_EQ(counts.failed, 0U) << counts.first_failure;
  EXPECT_EQ(counts.errors_by_version.count("v1.5.0"), 0U);
}

/// As `kubectl drain` does: cordons the node, evicts its pods as their budgets allow, and waits until they are gone.
void drain_node(Runner& runner, const std::string& node) {
  const auto cordon = [&](bool is_so) {
    runner.kube.merge_patch(kube::kNodes, node, Json::object({{"spec", Json::object({{"unschedulable", is_so}})}}));
  };
  const auto pods_there = [&] {
    auto pods = runner.kube.list(kube::kPods);
    std::erase_if(pods, [&](const Json& pod) { return pod["spec"]["nodeName"] != Json(node); });
    return pods;
  };
  HttpClient http({}, Environment(), runner.clock);
  cordon(true);
  for (auto pods = pods_there(); !pods.empty(); pods = pods_there()) {
    for (const auto& pod : pods) {
      if (rollout::is_terminating(pod)) continue;
      const auto& name = rollout::name_of(pod);
      http.send({.method = "POST",
                 .url = runner.playground.api_url() + "/api/v1/namespaces/production/pods/" + name + "/eviction",
                 .headers = {{"Content-Type", "application/json"}},
                 .body = R"({"apiVersion":"policy/v1","kind":"Eviction","metadata":{"name":")" + name + "\"}}",
                 .retry = false});
    }
    runner.clock.sleep_for(100ms, {});
  }
  cordon(false);
}

// Several nodes are drained one after another while the new colour is judged.
TEST_F(ReportedTest, NodesThatAreDrainedInTheSoakAreNotTheReleasesFault) {
  runner.playground.create(kBudget);
  Users users(runner);
  auto running = begin({"--set=switch.soak=40s", "--set=switch.soak_max=60s"});
  await([&] { return runner.is_proved(); });
  const auto before = rollout::uids_of(runner.kube.list(kube::kPods));
  for (const auto* node : {"node-1", "node-2"}) drain_node(runner, node);
  for (const auto& uid : rollout::uids_of(runner.kube.list(kube::kPods))) EXPECT_FALSE(before.contains(uid));
  EXPECT_EQ(running.wait_for(0s), std::future_status::timeout) << "the drain outlasted the soak";
  const auto ended = running.get();
  EXPECT_EQ(ended.code, 0) << ended.output << ended.error;
  EXPECT_EQ(runner.selector(), kGreen);
  users.expect_served();
}

}  // namespace
}  // namespace baton::cutover
