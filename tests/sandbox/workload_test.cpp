// Deployments, their pods, and the traffic to them.
#include <gtest/gtest.h>

#include "common/clients/registry/client.h"
#include "tests/sandbox/fixture.h"
#include "tests/sandbox/load.h"

namespace baton::test {
namespace {

using namespace std::chrono_literals;

class WorkloadTest : public testing::Test {
 protected:
  SystemClock clock_;
  Playground playground_{{.replicas = 2}};
  kube::Client kube_ = playground_.client(clock_);
  HttpClient http_{{.attempts = 1}, Environment(), clock_};

  void set_image(const std::string& image) {
    const auto patch = Json::array(
        {Json::object({{"op", "replace"}, {"path", "/spec/template/spec/containers/0/image"}, {"value", image}})});
    kube_.json_patch(kube::kDeployments, "myapp", patch);
  }
  std::vector<Json> pods() { return kube_.list(kube::kPods, {.labels = "app=myapp"}); }
  std::string version_in_front() {
    const auto answer = http_.send({.url = playground_.front_url() + "/version", .new_connection = true});
    return answer.header("X-App-Version");
  }
  /// Until `is_so`, at most ten seconds.
  bool eventually(const std::function<bool()>& is_so) {
    for (int left = 200; left > 0; --left) {
      if (is_so()) return true;
      clock_.sleep_for(50ms, {});
    }
    return false;
  }
  std::optional<Json> pod_waiting_for(const std::string& reason) {
    for (const auto& pod : pods()) {
      const auto& status = pod["status"]["containerStatuses"].items_or_none();
      if (!status.empty() && status.front()["state"]["waiting"]["reason"] == Json(reason)) return pod;
    }
    return std::nullopt;
  }
};

TEST_F(WorkloadTest, ARolloutUnderLoadFailsNobody) {
  playground_.set_fault("v1.6.0");
  sandbox::LoadCounts counts;
  std::jthread load([&](std::stop_token stop) {
    counts = sandbox::run_load({.url = playground_.front_url() + "/api/users", .rps = 100, .lasting = 60s}, stop);
  });
  ASSERT_TRUE(eventually([&] { return version_in_front() == "v1.5.0"; }));
  set_image(playground_.image() + ":v1.6.0");
  playground_.await_rollout("myapp");
  EXPECT_TRUE(eventually([&] { return pods().size() == 2; }));
  load.request_stop();
  load.join();
  EXPECT_EQ(counts.failed, 0U) << counts.first_failure;
  EXPECT_EQ(counts.server_errors, 0U);
  EXPECT_TRUE(counts.fresh.contains("v1.6.0") && counts.kept.contains("v1.6.0") && counts.fresh.contains("v1.5.0"));
}

Json operations(std::initializer_list<std::tuple<const char*, const char*, Json>> all) {
  Json list = Json::array();
  for (const auto& [verb, path, value] : all)
    list.push_back(Json::object({{"op", verb}, {"path", path}, {"value", value}}));
  return list;
}

// What a real controller does when the template of a paused Deployment and those of its ReplicaSets get the same label.
TEST_F(WorkloadTest, ADeploymentIsLabelledWithoutARestart) {
  const auto before = pods();
  kube_.json_patch(kube::kDeployments, "myapp", operations({{"add", "/spec/paused", true}}));
  for (const auto& set : kube_.list(kube::kReplicaSets, {})) {
    kube_.json_patch(kube::kReplicaSets, set["metadata"]["name"].string(),
                     operations({{"add", "/spec/template/metadata/labels/colour", "blue"}}));
  }
  kube_.json_patch(
      kube::kDeployments, "myapp",
      operations({{"add", "/spec/template/metadata/labels/colour", "blue"}, {"remove", "/spec/paused", Json()}}));
  kube_.json_patch(kube::kDeployments, "myapp", operations({{"add", "/spec/replicas", 3}}));
  playground_.await_rollout("myapp");
  EXPECT_EQ(kube_.list(kube::kReplicaSets, {}).size(), 1U);
  for (const auto& pod : before)
    EXPECT_TRUE(kube_.find(kube::kPods, pod["metadata"]["name"].string())) << "the same pods";
  EXPECT_EQ(kube_.list(kube::kPods, {.labels = "colour=blue"}).size(), 1U) << "and one that came later";
}

TEST_F(WorkloadTest, APausedDeploymentIsScaledAndNothingElse) {
  kube_.json_patch(kube::kDeployments, "myapp", operations({{"add", "/spec/paused", true}}));
  set_image(playground_.image() + ":v1.6.0");
  kube_.json_patch(kube::kDeployments, "myapp", operations({{"add", "/spec/replicas", 3}}));
  EXPECT_TRUE(eventually([&] { return pods().size() == 3; }));
  EXPECT_EQ(kube_.list(kube::kReplicaSets, {}).size(), 1U);
  EXPECT_EQ(version_in_front(), "v1.5.0");
}

TEST_F(WorkloadTest, APinnedImageRunsTheVersionOfItsDigest) {
  playground_.set_fault("v1.6.0");
  const Environment none;
  registry::Client registry(HttpClient({}, none, clock_), none, /*plain_http=*/false);
  const auto manifest = registry.resolve(registry::parse_reference(playground_.image() + ":v1.6.0"));
  set_image(playground_.image() + "@" + manifest->digest);
  playground_.await_rollout("myapp");
  EXPECT_EQ(version_in_front(), "v1.6.0");
}

TEST_F(WorkloadTest, AnImageThatNobodyHasIsNotPulledAndTheOldPodsServe) {
  set_image(playground_.image() + ":v9.9.9");
  EXPECT_TRUE(eventually([&] { return pod_waiting_for("ImagePullBackOff").has_value(); }));
  EXPECT_EQ(version_in_front(), "v1.5.0");
}

TEST_F(WorkloadTest, ACrashLoopIsCountedAndItsLastWordsAreKept) {
  playground_.set_fault("v1.6.0", "crash-loop");
  set_image(playground_.image() + ":v1.6.0");
  ASSERT_TRUE(eventually([&] {
    const auto pod = pod_waiting_for("CrashLoopBackOff");
    return pod && (*pod)["status"]["containerStatuses"].items()[0]["restartCount"].integer() >= 1;
  }));
  const auto pod = *pod_waiting_for("CrashLoopBackOff");
  EXPECT_EQ(pod["status"]["containerStatuses"].items()[0]["lastState"]["terminated"]["exitCode"], Json(1));
  EXPECT_NE(kube_.logs(pod["metadata"]["name"].string(), "myapp", 5, kube::ContainerRun::previous).find("FATAL"),
            std::string::npos);
}

TEST_F(WorkloadTest, APodMayBringItsOwnFault) {
  const auto give = [&](const std::string& fault) {
    const auto patch = R"({"spec":{"template":{"metadata":{"annotations":{"sandbox/fault":")" + fault + "\"}}}}}";
    kube_.merge_patch(kube::kDeployments, "myapp", parse_json(patch, "patch"));
  };
  give("errors=100%");
  playground_.await_rollout("myapp");
  EXPECT_TRUE(eventually([&] {
    return http_.send({.url = playground_.front_url() + "/api/users", .new_connection = true, .retry = false}).status ==
           500;
  }));
  give("sorrow");
  EXPECT_TRUE(eventually([&] { return pod_waiting_for("CrashLoopBackOff").has_value(); }));
}

TEST_F(WorkloadTest, ThePodProxyAsksOnePodAndSaysWhenItCannot) {
  const auto name = pods().front()["metadata"]["name"].string();
  const auto answer = kube_.pod_proxy(name, 8080, "/api/health/db", 2s);
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.body, R"({"status":"ok"})");
  EXPECT_EQ(kube_.pod_proxy(name, 8080, "/nowhere", 2s).status, 404);
  EXPECT_THROW(kube_.pod_proxy(name, 8081, "/health", 2s), kube::ApiError);
}

TEST_F(WorkloadTest, DeletingADeploymentTakesItsPodsAlong) {
  kube_.remove(kube::kDeployments, "myapp");
  EXPECT_TRUE(eventually([&] { return pods().empty(); }));
  EXPECT_TRUE(kube_.list(kube::kReplicaSets).empty());
  EXPECT_THROW(version_in_front(), Error);  // nobody is behind the front: refused
}

TEST_F(WorkloadTest, ADeletedPodEndsSlowlyAndIsReplaced) {
  const auto name = pods().front()["metadata"]["name"].string();
  kube_.remove(kube::kPods, name);
  const auto ending = kube_.get(kube::kPods, name);
  EXPECT_FALSE(ending["metadata"]["deletionTimestamp"].is_null());
  EXPECT_TRUE(eventually([&] { return !kube_.find(kube::kPods, name) && pods().size() == 2; }));
}

TEST_F(WorkloadTest, SlicesNameTheReadyPodsByUid) {
  const auto slices = kube_.list(kube::kEndpointSlices, {.labels = "kubernetes.io/service-name=myapp"});
  ASSERT_EQ(slices.size(), 1U);
  const auto& endpoints = slices.front()["endpoints"].items();
  ASSERT_EQ(endpoints.size(), 2U);
  EXPECT_EQ(endpoints[0]["conditions"]["ready"], Json(true));
  EXPECT_EQ(endpoints[0]["targetRef"]["uid"], pods().front()["metadata"]["uid"]);
}

TEST_F(WorkloadTest, KeptConnectionsStayWhereTheyAreWhenTheSelectorMoves) {
  const auto ask_kept = [&] {
    return http_.send({.url = playground_.front_url() + "/version"}).header("X-App-Version");
  };
  EXPECT_EQ(ask_kept(), "v1.5.0");
  kube_.merge_patch(kube::kServices, "myapp", parse_json(R"({"spec":{"selector":{"app":"nobody"}}})", "patch"));
  EXPECT_TRUE(eventually([&] {
    try {
      return version_in_front().empty();
    } catch (const Error&) {
      return true;
    }
  }));
  EXPECT_EQ(ask_kept(), "v1.5.0");
}

TEST_F(WorkloadTest, PrometheusIsToldWhomToScrape) {
  const auto find = [&] { return parse_json(read_file(fs::path(playground_.targets()) / "pods.json"), "targets"); };
  ASSERT_TRUE(eventually([&] { return find().size() == 2; }));
  const auto group = find().items().front();
  const auto answer = http_.send({.url = "http://" + group["targets"].items().front().string() + "/metrics"});
  EXPECT_NE(answer.body.find("http_request_duration_seconds_bucket"), std::string::npos);
  EXPECT_EQ(group["labels"]["namespace"], Json("production"));
}

TEST_F(WorkloadTest, TwoPlaygroundsDoNotMeet) {
  const Playground other({.version = "v2.0.0", .replicas = 1});
  EXPECT_NE(other.front_url(), playground_.front_url());
  EXPECT_EQ(version_in_front(), "v1.5.0");
}

}  // namespace
}  // namespace baton::test
