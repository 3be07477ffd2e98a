// A release whose manifest holds more than its Deployment: configuration of its own, and what is applied before it.
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <mutex>

#include "common/core/text.h"
#include "common/rollout/config_maps.h"
#include "tests/support/refusal.h"
#include "tests/switch/runner.h"

namespace baton::cutover {
namespace {

using test::says;

constexpr kube::Resource kServiceAccounts{"/api/v1", "serviceaccounts", "ServiceAccount"};

std::string settings(const std::string& level) {
  return "---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings}\ndata: {LEVEL: " + level + "}\n";
}

std::string copy_of(const std::string& level) {
  return rollout::copy_name("settings",
                            rollout::content_of(parse_json(R"({"data":{"LEVEL":")" + level + R"("}})", "test")));
}

/// What is live names the ConfigMap "settings", which holds LEVEL=info.
class ConfigurationTest : public testing::Test {
 protected:
  ConfigurationTest() {
    for (const auto* version : {"v1.6.0", "v1.7.0", "v1.8.0"}) runner.playground.set_fault(version);
    runner.playground.create(settings("info").substr(4));
    runner.kube.merge_patch(kube::kDeployments, "myapp",
                            parse_json(R"({"spec":{"template":{"spec":{"containers":[{"name":"myapp","image":")" +
                                           runner.image("myapp") + R"(","ports":[{"name":"http","containerPort":8080}],
                       "readinessProbe":{"httpGet":{"path":"/health","port":"http"}},
                       "envFrom":[{"configMapRef":{"name":"settings"}}]}]}}}})",
                                       "test"));
    runner.playground.await_rollout("myapp");
  }

  /// `--set` of a manifest with the Deployment and `more` behind it.
  std::string manifest(const std::string& more) {
    const auto path = runner.folder.path() / "k8s.yaml";
    write_file(path, kTemplate + more);
    return "--set=kubernetes.manifest=" + path.string();
  }

  Ended release(const std::string& version, const std::string& more, std::vector<std::string> options = {}) {
    options.push_back(manifest(more));
    return runner.release(version, options);
  }

  std::string named_by(const std::string& deployment) {
    const auto names = rollout::config_maps_of(runner.kube.get(kube::kDeployments, deployment));
    return names.size() == 1 ? *names.begin() : "";
  }

  std::string level_of(const std::string& config_map) {
    const auto found = runner.kube.find(kube::kConfigMaps, config_map);
    return found ? (*found)["data"]["LEVEL"].string() : "gone";
  }

  std::vector<std::string> owners_of(const std::string& config_map) {
    std::vector<std::string> owners;
    const auto found = runner.kube.get(kube::kConfigMaps, config_map);
    for (const auto& owner : found["metadata"]["ownerReferences"].items_or_none())
      owners.push_back(owner["name"].string());
    return owners;
  }

  bool awaits(const std::function<bool()>& is_so) {
    for (int tries = 0; tries < 100; ++tries) {
      if (is_so()) return true;
      runner.clock.sleep_for(std::chrono::milliseconds(50), {});
    }
    return false;
  }

  Runner runner;
};

TEST_F(ConfigurationTest, AReleaseThatChangesItGetsACopyAndARollbackFindsTheOldOne) {
  const auto ended = release("v1.6.0", settings("debug"));
  ASSERT_EQ(ended.code, 0) << ended.output << ended.error;
  const auto copy = copy_of("debug");
  EXPECT_EQ(named_by("myapp-green"), copy);
  EXPECT_EQ(level_of(copy), "debug");
  EXPECT_TRUE(runner.kube.get(kube::kConfigMaps, copy)["immutable"].boolean_or(false));
  EXPECT_EQ(owners_of(copy), (std::vector<std::string>{"myapp-green"}));
  EXPECT_EQ(level_of("settings"), "info") << "what the old colour names is never written";

  ASSERT_EQ(runner.run("rollback", {"--reason=test"}).code, 0);
  EXPECT_EQ(named_by("myapp"), "settings");
  EXPECT_EQ(level_of(named_by("myapp")), "info") << "its pods restart with what they had";
}

TEST_F(ConfigurationTest, WhatHoldsTheSameStaysWhatItIs) {
  const auto ended = release("v1.6.0", settings("info"));
  ASSERT_EQ(ended.code, 0) << ended.output << ended.error;
  EXPECT_EQ(named_by("myapp-green"), "settings");
  EXPECT_EQ(runner.kube.list(kube::kConfigMaps).size(), 2U) << "it, and the handoffs";
}

TEST_F(ConfigurationTest, WhatIsNotThereIsMade) {
  auto text = replace_all(std::string(kTemplate) + settings("warn"), "name: settings", "name: fresh");
  write_file(runner.folder.path() / "fresh.yaml", text);
  const auto ended =
      runner.release("v1.6.0", {"--set=kubernetes.manifest=" + (runner.folder.path() / "fresh.yaml").string()});
  ASSERT_EQ(ended.code, 0) << ended.output << ended.error;
  EXPECT_EQ(named_by("myapp-green"), "fresh");
  EXPECT_EQ(level_of("fresh"), "warn");
}

TEST_F(ConfigurationTest, ALaterReleaseOwnsTheCopyTooAndTheLastOneTakesItAway) {
  ASSERT_EQ(release("v1.6.0", settings("debug")).code, 0);
  const auto copy = copy_of("debug");
  const auto later = runner.release_from("second", "v1.7.0");  // of what is live, without a manifest
  ASSERT_EQ(later.code, 0) << later.output << later.error;
  EXPECT_EQ(named_by("myapp-blue"), copy);
  EXPECT_EQ(owners_of(copy), (std::vector<std::string>{"myapp-green", "myapp-blue"}));

  runner.kube.remove(kube::kDeployments, "myapp-green");
  EXPECT_TRUE(awaits([&] { return owners_of(copy) == std::vector<std::string>{"myapp-blue"}; }));
  EXPECT_EQ(level_of(copy), "debug");
  runner.kube.remove(kube::kDeployments, "myapp-blue");
  EXPECT_TRUE(awaits([&] { return level_of(copy) == "gone"; }));
}

TEST_F(ConfigurationTest, AColourThatIsMadeAnewLetsGoOfTheCopyThatItNamed) {
  ASSERT_EQ(release("v1.6.0", settings("debug")).code, 0);
  ASSERT_EQ(runner.run("rollback", {"--reason=test"}).code, 0);
  runner.kube.create(
      kube::kConfigMaps,
      parse_json(R"({"metadata":{"name":"lost","labels":{"baton/service":"myapp"}},"data":{}})", "test"));
  const auto path = (runner.folder.path() / "next").string();
  ASSERT_EQ(release("v1.7.0", settings("trace"), {"--dir=" + path}).code, 0);
  EXPECT_EQ(named_by("myapp-green"), copy_of("trace"));
  EXPECT_EQ(level_of(copy_of("trace")), "trace");
  EXPECT_EQ(level_of(copy_of("debug")), "gone");
  EXPECT_FALSE(runner.kube.find(kube::kConfigMaps, "lost")) << "left by a run that was killed";
}

TEST_F(ConfigurationTest, AStoppedReleaseLeavesNoCopyWithoutAnOwner) {
  runner.playground.sandbox().access().set_policy("no green here", "Deployment", "\"version\":\"green\"");
  const auto ended = release("v1.6.0", settings("debug"));
  EXPECT_EQ(ended.code, 3) << ended.output << ended.error;
  EXPECT_TRUE(says(ended.output, "no green here"));
  EXPECT_EQ(level_of(copy_of("debug")), "gone");
}

TEST_F(ConfigurationTest, TheWayBackSaysWhatHoldsSomethingElseByNow) {
  ASSERT_EQ(release("v1.6.0", settings("debug")).code, 0);
  EXPECT_FALSE(says(runner.run("status").output, "holds something else"));
  runner.kube.merge_patch(kube::kConfigMaps, "settings", parse_json(R"({"data":{"LEVEL":"error"}})", "test"));
  const auto ended = runner.run("status");
  EXPECT_TRUE(says(ended.output, "way back   ready, at a risk")) << ended.output;
  EXPECT_TRUE(says(ended.output, "ConfigMap 'settings' holds something else than when 'myapp' came up"));
}

TEST_F(ConfigurationTest, TheRestIsAppliedInItsOrderBeforeTheColourAndSaidToStay) {
  std::vector<std::string> writes;
  std::mutex mutex;
  runner.playground.sandbox().set_witness([&](const sandbox::Question& question, sandbox::Moment moment) {
    const bool is_dry = !question.parameter("dryRun").empty();
    if (moment == sandbox::Moment::after && !is_dry && (question.method == "POST" || question.method == "PATCH")) {
      const std::scoped_lock lock(mutex);
      writes.push_back(question.path.substr(question.path.rfind("production/") + 11));
    }
    return true;
  });
  const auto ended = release(
      "v1.6.0", "---\n{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: web}}\n" +
                    settings("debug") + "---\n{apiVersion: v1, kind: ServiceAccount, metadata: {name: shop}}\n");
  runner.playground.sandbox().set_witness({});
  ASSERT_EQ(ended.code, 0) << ended.output << ended.error;
  const std::scoped_lock lock(mutex);  // the playground's threads wrote
  const auto at = [&](const std::string& path) { return std::ranges::find(writes, path); };
  EXPECT_LT(at("networkpolicies/web"), at("configmaps"));
  EXPECT_LT(at("configmaps"), at("serviceaccounts/shop"));
  EXPECT_LT(at("serviceaccounts/shop"), at("deployments"));
  EXPECT_NE(at("deployments"), writes.end());
  const auto said = to_text(runner.handoff());
  EXPECT_TRUE(says(said, "a rollback does not restore NetworkPolicy 'web', ServiceAccount 'shop' of the manifest"));

  const auto back = runner.run("rollback", {"--reason=test"});
  EXPECT_TRUE(
      says(back.output + back.error, "NetworkPolicy 'web', ServiceAccount 'shop' stay as the release left them"))
      << back.output << back.error;
}

TEST_F(ConfigurationTest, ARefusalOfWhatIsAppliedStopsBeforeAnythingIsWritten) {
  runner.playground.sandbox().access().deny("patch serviceaccounts");
  const auto before = runner.writable_state();
  const auto ended = release("v1.6.0", "---\n{apiVersion: v1, kind: ServiceAccount, metadata: {name: shop}}\n");
  EXPECT_EQ(ended.code, 3) << ended.output << ended.error;
  EXPECT_TRUE(says(ended.output, "cannot patch serviceaccounts 'shop'")) << ended.output;
  EXPECT_EQ(runner.writable_state(), before);
}

TEST_F(ConfigurationTest, APlanNamesCopiesAndWhatIsAppliedAndWritesNothing) {
  const auto before = runner.writable_state();
  const auto options = std::vector<std::string>{
      "--release=v1.6.0",
      manifest(settings("debug") + "---\n{apiVersion: v1, kind: ServiceAccount, metadata: {name: shop}}\n")};
  const auto plan = runner.run("plan", options);
  EXPECT_EQ(plan.code, 0) << plan.output << plan.error;
  EXPECT_TRUE(says(plan.output, "ConfigMap " + copy_of("debug"))) << plan.output;
  EXPECT_TRUE(says(plan.output, "ServiceAccount 'shop'"));
  auto dry = options;
  dry.emplace_back("--dry-run");
  EXPECT_EQ(runner.run("run", dry).code, 0);
  EXPECT_EQ(runner.writable_state(), before);
  EXPECT_EQ(runner.kube.list(kube::kConfigMaps).size(), 1U);
  EXPECT_TRUE(runner.kube.list(kServiceAccounts).empty());
}

TEST_F(ConfigurationTest, RightsAreAskedForWhatTheManifestHolds) {
  runner.playground.sandbox().access().deny("delete configmaps");
  runner.playground.sandbox().access().deny("create serviceaccounts");
  const auto plain = runner.run("plan", {"--release=v1.6.0", manifest("")});
  EXPECT_EQ(plain.code, 0) << plain.output << plain.error;
  const auto missing = runner.run(
      "plan", {"--release=v1.6.0",
               manifest(settings("debug") + "---\n{apiVersion: v1, kind: ServiceAccount, metadata: {name: shop}}\n")});
  EXPECT_EQ(missing.code, 3);
  EXPECT_TRUE(says(missing.output, "delete configmaps")) << missing.output;
  EXPECT_TRUE(says(missing.output, "create serviceaccounts"));
}

struct Refused {
  const char* object;
  const char* why;
};
constexpr Refused kRefused[] = {
    {"{apiVersion: v1, kind: Service, metadata: {name: myapp}}", "Baton alone moves those"},
    {"{apiVersion: v1, kind: Service, metadata: {name: b}, spec: {selector: {app: myapp}}}", "Baton alone moves those"},
    {"{apiVersion: v1, kind: ServiceAccount}", "has no name"},
    {"{apiVersion: v1, kind: ServiceAccount, metadata: {name: s, namespace: kube-system}}",
     "is of the namespace 'kube-system', the release of 'production'"},
    {"{apiVersion: batch/v1, kind: Job, metadata: {name: j}}", "runs by itself"},
    {"{apiVersion: autoscaling/v2, kind: HorizontalPodAutoscaler, metadata: {name: h}, spec: {scaleTargetRef: {name: "
     "myapp}}}",
     "is moved by Baton itself"},
    {"{apiVersion: policy/v1, kind: PodDisruptionBudget, metadata: {name: p}, spec: {selector: {matchLabels: {app: "
     "myapp}}}}",
     "is moved by Baton itself"},
    {"{apiVersion: v1, kind: Namespace, metadata: {name: n}}", "belongs to the whole cluster"},
    {"{apiVersion: example.com/v1, kind: Widget, metadata: {name: w}}", "the cluster does not serve"},
    {"{apiVersion: v1, kind: ServiceAccount, metadata: {name: s, annotations: {argocd.argoproj.io/tracking-id: a}}}",
     "is kept by Argo CD"},
};

TEST_F(ConfigurationTest, RefusesWhatItCannotApplyBeforeAnythingIsWritten) {
  const auto before = runner.writable_state();
  for (const auto& [object, why] : kRefused) {
    const auto ended = release("v1.6.0", std::string("---\n") + object + "\n");
    EXPECT_EQ(ended.code, 3) << object << ended.output << ended.error;
    EXPECT_TRUE(says(ended.output, why)) << object << ended.output;
  }
  EXPECT_EQ(runner.writable_state(), before);
}

}  // namespace
}  // namespace baton::cutover
