// Whether the way back is open, asked of a playground in which something of it is missing.
#include "common/rollout/rollback_readiness.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "common/core/digest.h"
#include "common/rollout/copies.h"
#include "common/rollout/named_objects.h"
#include "common/rollout/pods.h"
#include "common/rollout/rights.h"
#include "tests/common/rollout/ground.h"
#include "tests/support/refusal.h"
#include "tests/support/rights.h"

namespace baton::rollout {
namespace {

using namespace std::chrono_literals;
using test::says;

class ReadinessTest : public testing::Test {
 protected:
  WayBackFacts facts(Context& context) {
    return {.before = standing_of(context, move_.previous_deployment),
            .after = standing_of(context, move_.deployment),
            .has_image = has_image_};
  }
  WayBackFacts facts() { return facts(context_); }
  std::vector<Finding> look() { return rollback_readiness(context_, move_, facts()); }
  /// One that was not asked has no id.
  Finding look(const std::string& question) {
    const auto findings = look();
    const auto found = std::ranges::find(findings, "way-back-" + question, &Finding::id);
    return found == findings.end() ? Finding{} : *found;
  }
  std::string words() { return readiness_words(look()); }
  void patch(const std::string& deployment, const std::string& merge) {
    ground_.kube.merge_patch(kube::kDeployments, deployment, parse_json(merge, "test"));
  }
  void scale(const std::string& deployment, int replicas) {
    ground_.playground.scale(deployment, replicas);
    ground_.playground.await_rollout(deployment);
  }
  /// As a look finds it that comes so much later.
  Finding size_after(Duration later) {
    ManualClock clock(ground_.clock.now() + later);
    Context context{.kube = ground_.kube,
                    .config = ground_.config,
                    .clock = clock,
                    .http = ground_.http,
                    .stop = {},
                    .app = "myapp",
                    .id = "id-1",
                    .say = {}};
    return rollback_readiness(context, move_, facts(context)).at(1);
  }
  void deny(const std::string& right) { ground_.playground.sandbox().access().deny(right); }
  /// In the template of the old colour, whose rollout ends.
  void name_in_template(const std::string& members) {
    patch("myapp", R"({"spec":{"template":{"spec":{)" + members + "}}}}");
    ground_.playground.await_rollout("myapp");
  }

  Ground ground_;
  Move move_ = ground_.release("v1.6.0");
  Context context_ = ground_.context();
  std::function<bool(const std::string&)> has_image_ = [](const std::string&) { return true; };
};

TEST_F(ReadinessTest, IsReadyBehindASwitch) {
  EXPECT_EQ(words(), "ready");
  EXPECT_EQ(look("size").observed.text(), "2 of 2 pods ready");
  EXPECT_EQ(look("room").id, "") << "no pod would have to start";
  EXPECT_EQ(look("credentials").id, "") << "the playground's token says no end";
}

TEST_F(ReadinessTest, NeedsNoRightThatIsNotInTheTable) {
  name_in_template(R"("imagePullSecrets":[{"name":"pull"}],"volumes":[{"name":"v","configMap":{"name":"c"}}])");
  scale("myapp", 1);
  ground_.playground.create("{apiVersion: v1, kind: ConfigMap, metadata: {name: c}, data: {a: b}}");
  ground_.playground.sandbox().access().allow_only(test::rights_of_the_table(kWatch));
  for (const auto& finding : look()) EXPECT_EQ(finding.outcome, Outcome::pass) << finding.id << finding.message;
}

TEST_F(ReadinessTest, WritesNothing) {
  const auto versions = [this] {
    std::string all;
    for (const auto* resource : {&kube::kServices, &kube::kDeployments, &kube::kLeases}) {
      for (const auto& object : ground_.kube.list(*resource))
        all += object["metadata"]["resourceVersion"].string() + " ";
    }
    return all;
  };
  const auto before = versions();
  look();
  EXPECT_EQ(versions(), before);
}

TEST_F(ReadinessTest, ADeletedDeploymentIsNoWayBack) {
  ground_.kube.remove(kube::kDeployments, "myapp");
  const auto found = look();
  ASSERT_EQ(found.size(), 1U) << "the other questions mean nothing then";
  EXPECT_EQ(found[0].outcome, Outcome::fail);
  EXPECT_EQ(found[0].message, "Deployment 'myapp' is gone: there is nothing to go back to");
  EXPECT_TRUE(says(found[0].recovery.at(0), move_.previous_image));
  EXPECT_EQ(readiness_words(found), "not ready");
}

TEST_F(ReadinessTest, AnotherImageInItWouldBeRefused) {
  patch("myapp", R"({"spec":{"template":{"spec":{"containers":[{"name":"myapp","image":"r/other:v9"}]}}}})");
  const auto found = look("deployment");
  EXPECT_EQ(found.outcome, Outcome::fail);
  EXPECT_EQ(found.message, "Deployment 'myapp' holds 'r/other:v9' by now: a rollback would refuse it");
}

TEST_F(ReadinessTest, OneThatWasScaledDownTakesLongerAndIsReady) {
  scale("myapp", 0);
  EXPECT_EQ(words(), "ready");
  EXPECT_EQ(look("size").message, "scaled down to 0: takes a minute longer, 2 pods more have to start first");
}

TEST_F(ReadinessTest, MustBeAsLargeAsTheNewColourGrew) {
  scale("myapp-green", 3);
  EXPECT_EQ(look("size").message, "scaled down to 2: takes a minute longer, 1 pod more have to start first");
}

TEST_F(ReadinessTest, PodsThatTriedLongEnoughAreNoWayBack) {
  move_.previous_image = ground_.playground.image() + ":v0";
  patch("myapp", R"({"spec":{"template":{"spec":{"containers":[{"name":"myapp","image":")" + move_.previous_image +
                     R"("}]}}}})");
  scale("myapp-green", 4);  // pods of the template before stay
  EXPECT_EQ(look("size").outcome, Outcome::pass) << "the kubelet's first try may fail";
  for (int left = 100; left > 0 && size_after(1min).outcome != Outcome::fail; --left) ground_.clock.sleep_for(50ms, {});
  EXPECT_EQ(size_after(1min).outcome, Outcome::fail);
  EXPECT_TRUE(says(size_after(1min).message, "ImagePullBackOff (Back-off pulling image: manifest unknown)"));
}

TEST_F(ReadinessTest, PodsThatDoNotGetReadyAreNoWayBack) {
  ground_.playground.set_fault("v1.5.0", "never-ready");
  for (int left = 100; left > 0 && look("size").observed.text() != "0 of 2 pods ready"; --left)
    ground_.clock.sleep_for(50ms, {});
  EXPECT_EQ(look("size").outcome, Outcome::warn) << "they may just have been renewed";
  EXPECT_EQ(size_after(2min).outcome, Outcome::fail);
  EXPECT_EQ(size_after(2min).message, "pods of 'myapp' are missing");
}

TEST_F(ReadinessTest, AnImageThatIsGoneIsARiskWhileItsPodsStand) {
  has_image_ = [](const std::string&) { return false; };
  const auto found = look("image");
  EXPECT_EQ(found.outcome, Outcome::warn);
  EXPECT_EQ(found.message, "the registry has no '" + move_.previous_image +
                               "' any more: no new pod of 'myapp' can start; 2 pods that stand can take the traffic as "
                               "long as they last");
  EXPECT_EQ(words(), "ready, at a risk");
}

TEST_F(ReadinessTest, AnImageThatIsGoneIsNoWayBackWherePodsHaveToStart) {
  has_image_ = [](const std::string&) { return false; };
  scale("myapp", 1);
  EXPECT_EQ(look("image").outcome, Outcome::fail);
  EXPECT_EQ(words(), "not ready");
}

TEST_F(ReadinessTest, ARegistryThatCannotBeAskedIsUnknown) {
  has_image_ = [](const std::string&) -> bool {
    throw Error(ExitCode::unknown, "cannot reach the registry", "Log in to it.");
  };
  const auto found = look("image");
  EXPECT_EQ(found.outcome, Outcome::unknown);
  EXPECT_EQ(found.message, "cannot reach the registry");
  EXPECT_EQ(found.recovery, std::vector<std::string>{"Log in to it."});
  EXPECT_EQ(words(), "not known in full");
}

TEST_F(ReadinessTest, WhereNobodyAsksTheRegistryNothingIsSaidOfIt) {
  has_image_ = nullptr;
  EXPECT_EQ(look("image").id, "");
}

TEST_F(ReadinessTest, AConfigMapThatItNamesMustBeThereWithItsKeys) {
  name_in_template(R"("volumes":[{"name":"v","configMap":{"name":"c","items":[{"key":"a","path":"a"}]}},)"
                   R"({"name":"o","configMap":{"name":"other","optional":true}}])");
  EXPECT_EQ(look("configuration").message,
            "ConfigMap 'c' is not there: no new pod of 'myapp' can start; 2 pods that stand can take the traffic as "
            "long as they last");
  ground_.playground.create("{apiVersion: v1, kind: ConfigMap, metadata: {name: c}, data: {b: c}}");
  EXPECT_TRUE(says(look("configuration").message, "ConfigMap 'c' has no 'a'"));
  scale("myapp", 1);
  EXPECT_EQ(look("configuration").outcome, Outcome::fail);
  ground_.kube.merge_patch(kube::kConfigMaps, "c", parse_json(R"({"data":{"a":"1"}})", "test"));
  EXPECT_EQ(look("configuration").outcome, Outcome::pass);
}

TEST_F(ReadinessTest, AConfigMapThatHoldsSomethingElseByNowIsARisk) {
  name_in_template(R"("volumes":[{"name":"v","configMap":{"name":"c","optional":true}},)"
                   R"({"name":"w","configMap":{"name":"d"}}])");
  for (const auto* name : {"c", "d"})
    ground_.playground.create(
        fmt::format("{{apiVersion: v1, kind: ConfigMap, metadata: {{name: {}}}, data: {{a: '1'}}}}", name));
  const auto noted = with_contents(context_, ground_.deployment("myapp"));
  ground_.kube.replace(kube::kDeployments, noted);
  EXPECT_EQ(look("configuration").outcome, Outcome::pass);
  ground_.kube.merge_patch(kube::kConfigMaps, "c", parse_json(R"({"data":{"a":"2"}})", "test"));
  const auto found = look("configuration");
  EXPECT_EQ(found.outcome, Outcome::warn);
  EXPECT_EQ(found.message,
            "ConfigMap 'c' holds something else than when 'myapp' came up: its pods would restart with another "
            "configuration");
}

TEST_F(ReadinessTest, ConfigMapsThatMayNotBeReadAreUnknown) {
  name_in_template(R"("volumes":[{"name":"v","configMap":{"name":"c"}}])");
  deny("get configmaps");
  EXPECT_EQ(look("configuration").outcome, Outcome::unknown);
}

TEST_F(ReadinessTest, SecretsAreNamedAndNeverRead) {
  name_in_template(R"("imagePullSecrets":[{"name":"pull"}],"volumes":[{"name":"v","secret":{"secretName":"tls"}}])");
  const auto found = look("configuration");
  EXPECT_EQ(found.outcome, Outcome::pass);
  EXPECT_EQ(found.message,
            "Secrets pull, tls are named and not looked at: a rollback does not restore what is in them");
}

TEST_F(ReadinessTest, AQuotaMustHaveRoomForWhatHasToStart) {
  scale("myapp", 0);
  ground_.playground.create(
      "{apiVersion: v1, kind: ResourceQuota, metadata: {name: q}, spec: {}, status: {hard: {pods: '3'}, used: {pods: "
      "'2'}}}");
  const auto found = look("room");
  EXPECT_EQ(found.outcome, Outcome::fail);
  EXPECT_EQ(found.message, "quota 'q' has no room for the 2 pods more that a rollback has to start, 1 each");
  scale("myapp", 1);
  EXPECT_EQ(look("room").outcome, Outcome::pass) << "one more just fits";
  deny("list resourcequotas");
  EXPECT_EQ(look("room").outcome, Outcome::unknown);
}

TEST_F(ReadinessTest, AnAutoscalerThatAllowsFewerIsARisk) {
  const auto create = [this](int most) {
    ground_.playground.create("{apiVersion: autoscaling/v2, kind: HorizontalPodAutoscaler, metadata: {name: h" +
                              std::to_string(most) + "}, spec: {minReplicas: 1, maxReplicas: " + std::to_string(most) +
                              ", scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: myapp-green}}}");
  };
  create(2);
  EXPECT_EQ(look("autoscaler").outcome, Outcome::pass);
  ground_.kube.remove(kube::kAutoscalers, "h2");
  create(1);
  const auto found = look("autoscaler");
  EXPECT_EQ(found.outcome, Outcome::warn);
  EXPECT_EQ(found.observed.text(), "at most 1 pod");
}

TEST_F(ReadinessTest, AnAutoscalerThatSomebodyKeepsIsARisk) {
  ground_.playground.create(
      "{apiVersion: autoscaling/v2, kind: HorizontalPodAutoscaler, metadata: {name: h, ownerReferences: [{apiVersion: "
      "keda.sh/v1alpha1, kind: ScaledObject, name: s, uid: u, controller: true}]}, spec: {maxReplicas: 9, "
      "scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: myapp-green}}}");
  const auto found = look("autoscaler");
  EXPECT_EQ(found.outcome, Outcome::warn);
  EXPECT_EQ(found.message,
            "HorizontalPodAutoscaler 'h' is kept by ScaledObject 's': a rollback does not aim it at 'myapp'");
}

TEST_F(ReadinessTest, RightsThatWereTakenAwayAreNamed) {
  deny("patch services");
  deny("patch deployments/scale");
  const auto found = look("rights");
  EXPECT_EQ(found.outcome, Outcome::fail);
  EXPECT_EQ(found.message,
            "a rollback may not: patch services 'myapp', patch deployments/scale 'myapp', patch deployments/scale "
            "'myapp-green'");
}

TEST_F(ReadinessTest, ReadsTheLeaseAndNoMoreRightsThanARollbackWritesWith) {
  deny("create deployments");
  deny("delete deployments");
  EXPECT_EQ(look("rights").outcome, Outcome::pass) << "a rollback makes no Deployment and deletes none";
}

TEST_F(ReadinessTest, OfARolledReleaseAsksForTheImageThatWasThereBefore) {
  std::vector<std::string> asked;
  has_image_ = [&](const std::string& image) {
    asked.push_back(image);
    return false;
  };
  const auto image = ground_.playground.image() + ":v1.5.0";
  move_ = {.id = "id-2",
           .version = "v1.7.0",
           .digest = "sha256:" + std::string(64, 'a'),
           .service = "myapp",
           .colour = "myapp",
           .deployment = "myapp",
           .previous_image = image,
           .selector_original = {},
           .selector_before = {},
           .selector_after = {},
           .replicas = 2,
           .rolled = Worker{.name = "myapp", .images = {{"myapp", image}}}};
  EXPECT_EQ(look("image").outcome, Outcome::fail) << "every pod has to start anew";
  EXPECT_EQ(asked, std::vector<std::string>{image});
  EXPECT_EQ(look("size").id, "");
  deny("patch deployments");
  EXPECT_EQ(look("rights").message, "a rollback may not: patch deployments 'myapp'");
  ground_.playground.sandbox().access().allow("patch deployments");
  patch("myapp", R"({"spec":{"template":{"spec":{"containers":[{"name":"myapp","image":"r/other:v9"}]}}}})");
  EXPECT_EQ(look("deployment").outcome, Outcome::fail);
}

/// Of whoever comes with a token that ends `after` the look.
Finding credentials_that_end(Duration after) {
  ManualClock clock(*parse_rfc3339("2026-03-01T12:00:00Z"));
  const auto end = std::chrono::floor<std::chrono::seconds>(clock.now() + after).time_since_epoch().count();
  const auto token = "e30." + to_base64("{\"exp\":" + std::to_string(end) + "}") + ".c2ln";
  kube::Client kube({.server = "http://127.0.0.1:9", .credentials = {.token = token}}, Environment{}, clock);
  HttpClient http({}, Environment{}, clock);
  const Config config;
  Context context{
      .kube = kube, .config = config, .clock = clock, .http = http, .stop = {}, .app = "a", .id = "", .say = {}};
  const Move move{.previous_deployment = "d", .selector_original = {}, .selector_before = {}, .selector_after = {}};
  const auto deployment = parse_json(R"({"metadata":{"name":"d"},"spec":{"replicas":1}})", "test");
  auto findings = rollback_readiness(context, move, {.before = {.deployment = deployment}});
  return findings.back();
}

TEST(CredentialsTest, ThatEndWithinADayAreARiskAndNeverPrinted) {
  EXPECT_EQ(credentials_that_end(24h + 1min).outcome, Outcome::pass);
  EXPECT_EQ(credentials_that_end(24h).outcome, Outcome::warn);
  const auto found = credentials_that_end(3h + 50s);  // of which refused connections take some
  EXPECT_EQ(found.id, "way-back-credentials");
  EXPECT_EQ(found.outcome, Outcome::warn);
  EXPECT_EQ(found.observed.text(), "until 2026-03-01T15:00:50Z");
  EXPECT_EQ(found.message, "they end in 3h: whoever rolls back after that is refused");
}

TEST(OfferedTest, ARollbackIsOfferedOnceTrafficMovedAndUntilItIsTakenBack) {
  EXPECT_FALSE(is_offered(Phase::adopting));
  EXPECT_TRUE(is_offered(Phase::switching));
  EXPECT_TRUE(is_offered(Phase::kept));
  EXPECT_FALSE(is_offered(Phase::undoing));
  EXPECT_FALSE(is_offered(Phase::undone));
}

TEST(NamedObjectsTest, AreThoseOfEnvironmentVolumesAndPulls) {
  const auto named = named_in(parse_json(
      R"({"imagePullSecrets":[{"name":"pull"}],
          "initContainers":[{"envFrom":[{"configMapRef":{"name":"early"}},{"secretRef":{"name":"s1"}}]}],
          "containers":[{"env":[{"name":"A","value":"b"},
            {"name":"B","valueFrom":{"configMapKeyRef":{"name":"c1","key":"k"}}},
            {"name":"C","valueFrom":{"configMapKeyRef":{"name":"c2","key":"k","optional":true}}},
            {"name":"D","valueFrom":{"secretKeyRef":{"name":"s2","key":"k"}}}]}],
          "volumes":[{"name":"v","emptyDir":{}},{"name":"w","configMap":{"name":"c1","items":[{"key":"i","path":"p"}]}},
            {"name":"x","secret":{"secretName":"s3"}},
            {"name":"y","projected":{"sources":[{"configMap":{"name":"c3"}},{"secret":{"name":"s4"}}]}}]})",
      "test"));
  EXPECT_EQ(named.config_maps, (decltype(named.config_maps){{"early", {}}, {"c1", {"k", "i"}}, {"c3", {}}}));
  EXPECT_EQ(named.secrets, (decltype(named.secrets){{"pull", {}}, {"s1", {}}, {"s2", {"k"}}, {"s3", {}}, {"s4", {}}}));
}

}  // namespace
}  // namespace baton::rollout
