// What `install` prints: read again as Kubernetes and Baton would.
#include "tools/watch/install.h"

#include <gtest/gtest.h>

#include "common/config/loader.h"
#include "common/core/text.h"
#include "common/core/yaml.h"
#include "tests/support/env_scene.h"
#include "tests/support/refusal.h"

namespace baton::watch {
namespace {

using test::refusal_and_hint;
using test::says;

constexpr const char* kConfiguration = R"(
image: registry.example.com/shop
kubernetes: {context: prod, namespace: production, manifest: k8s/shop.yaml}
database: {url: "${DATABASE_URL}"}
metrics: {prometheus: {url: "http://prometheus:9090", token: "${METRICS_TOKEN}"}, selector: 'pod=~"{{pods}}"'}
watch: {intensive: {for: 2h, every: 5m}, metrics: {error_rate: {errors: 'e{a="b",c="d"}', requests: r}}}
precheck: {max_age: 12h, not_applicable: {metrics: "none: yet"}}
notify: {to: [{slack: "${SLACK:-https://hooks.example.com}"}]}
run: {strict: true}
)";

struct Printed {
  std::vector<Json> objects;
  std::string text;

  const Json& find(std::string_view kind, std::string_view name) const {
    const auto found = std::ranges::find_if(objects, [&](const Json& one) {
      return one["kind"].string() == kind && one["metadata"]["name"].string() == name;
    });
    return found == objects.end() ? nothing : *found;
  }
  Json nothing = {};
};

Printed print(const std::string& configuration, const Installation& asked) {
  const TempFolder folder;
  const auto manifest = (folder.path() / "shop.yaml").string();
  write_file(
      manifest,
      "{apiVersion: apps/v1, kind: Deployment, metadata: {name: shop}, spec: {template: {spec: {containers: []}}}}");
  test::EnvScene scene(replace_all(configuration, "k8s/shop.yaml", manifest));
  Printed printed{.text = install(asked, scene.env).summary};
  for (const auto& node : parse_yaml_documents(printed.text, "printed")) printed.objects.push_back(to_json(node));
  return printed;
}

const Json& container_of(const Json& cron_job) {
  return cron_job["spec"]["jobTemplate"]["spec"]["template"]["spec"]["containers"].items().front();
}

TEST(InstallTest, PrintsConfigurationAccountRightsAndCronJobs) {
  const auto printed = print(kConfiguration, {.image = "baton:1", .secret = "shop-baton"});
  std::vector<std::string> kinds;
  for (const auto& one : printed.objects) {
    kinds.push_back(one["kind"].string());
    if (one["kind"].string().starts_with("Cluster")) continue;
    EXPECT_EQ(one["metadata"]["namespace"].string(), "production") << kinds.back();
  }
  EXPECT_EQ(kinds, (std::vector<std::string>{"ConfigMap", "ServiceAccount", "Role", "RoleBinding", "ClusterRole",
                                             "ClusterRoleBinding", "CronJob", "CronJob"}));
  const auto& tick = printed.find("CronJob", "baton-shop-guard-watch");
  EXPECT_EQ(tick["spec"]["schedule"].string(), "*/5 * * * *");
  EXPECT_EQ(tick["spec"]["concurrencyPolicy"].string(), "Forbid");
  const auto& container = container_of(tick);
  EXPECT_EQ(container["image"].string(), "baton:1");
  EXPECT_EQ(to_text(container["args"]), R"(["tick","--config=/etc/baton/baton.yaml","--ci=none","--exit-style=job"])");
  EXPECT_TRUE(container["securityContext"]["readOnlyRootFilesystem"].boolean());
  EXPECT_EQ(to_text(container["envFrom"]), R"([{"secretRef":{"name":"shop-baton"}}])");
  EXPECT_EQ(container_of(printed.find("CronJob", "baton-shop-guard-finalize"))["args"].items().front().string(), "run");
}

// The same configuration, as far as the pods read it.
TEST(InstallTest, TheConfigurationLoadsThereAndSaysNoSecret) {
  const auto printed = print(kConfiguration, {.image = "baton:1", .secret = "shop-baton"});
  const auto text = printed.find("ConfigMap", "baton-shop-guard")["data"]["baton.yaml"].string();
  const auto loaded = load_config({.text = text}, Environment({{"METRICS_TOKEN", std::string("t")}}));
  const auto here = load_config({.text = std::string("app: shop\n") + kConfiguration},
                                Environment({{"METRICS_TOKEN", std::string("t")}}));
  for (const auto* key :
       {"app", "metrics.prometheus", "metrics.selector", "watch.intensive.for", "watch.intensive.every",
        "watch.metrics.error_rate", "precheck.not_applicable", "notify.to", "kubernetes.namespace"})
    EXPECT_EQ(loaded.entries.at(key).text, here.entries.at(key).text) << key;
  for (const auto* key : {"kubernetes.context", "kubernetes.manifest", "precheck.max_age", "run.strict"})
    EXPECT_FALSE(loaded.is_given(key)) << key;
  EXPECT_TRUE(loaded.is_given("database.url")) << "finalize asks whether there is one";
  loaded.require_set("watch");
  loaded.require_set("finalize");
  EXPECT_TRUE(says(text, "${METRICS_TOKEN}"));
  EXPECT_TRUE(says(printed.text, "# Secret 'shop-baton' is yours: it holds METRICS_TOKEN."));
}

TEST(InstallTest, RefusesWhatThePodsCouldNotRead) {
  const auto said = [](const std::string& configuration, const Installation& asked) {
    return refusal_and_hint(ExitCode::usage, [&] { return print(configuration, asked); });
  };
  EXPECT_TRUE(says(said(kConfiguration, {}), "--image is not given"));
  EXPECT_TRUE(says(said(kConfiguration, {.image = "i", .kind = "pod"}), "--kind is 'pod', not cronjob or job"));
  EXPECT_TRUE(says(said(kConfiguration, {.image = "i"}), "the configuration refers to METRICS_TOKEN"));
  const std::string plain = "kubernetes: {namespace: n}\n";
  EXPECT_TRUE(says(said(plain + "metrics: {prometheus: {url: 'http://p', token: secret}}\n", {.image = "i"}),
                   "metrics.prometheus holds a secret in the clear"));
  EXPECT_TRUE(says(said(plain + "metrics: {prometheus: '${file:/nowhere/url}'}\n", {.image = "i"}), "${file:…}"));
}

TEST(InstallTest, AJobHoldsThroughTheWindowAndIsBegunAgainOnlyWhereItsPodIsLost) {
  const auto printed = print("kubernetes: {namespace: n}\n", {.image = "i", .kind = "job", .claim = "kept"});
  const auto& job = printed.find("Job", "baton-shop-guard-watch");
  EXPECT_EQ(job["spec"]["activeDeadlineSeconds"].integer(), 24 * 3600 + 1800);
  const auto& rule = job["spec"]["podFailurePolicy"]["rules"].items().front();
  EXPECT_EQ(rule["action"].string(), "FailJob");
  EXPECT_EQ(to_text(rule["onExitCodes"]["values"]), "[1,2,3,4,5,6,7]");
  const auto& spec = job["spec"]["template"]["spec"];
  EXPECT_EQ(spec["containers"].items().front()["args"].items().front().string(), "run");
  EXPECT_EQ(spec["volumes"].items().front()["persistentVolumeClaim"]["claimName"].string(), "kept");
}

TEST(InstallTest, TicksComeAtLeastAsOftenAsTheyAreAskedFor) {
  using namespace std::chrono_literals;
  EXPECT_EQ(schedule_for(30s), "* * * * *");
  EXPECT_EQ(schedule_for(1min), "* * * * *");
  EXPECT_EQ(schedule_for(119s), "* * * * *");
  EXPECT_EQ(schedule_for(2min), "*/2 * * * *");
  EXPECT_EQ(schedule_for(7min), "*/6 * * * *");
  EXPECT_EQ(schedule_for(59min), "*/30 * * * *");
  EXPECT_EQ(schedule_for(1h), "7 * * * *");
}

}  // namespace
}  // namespace baton::watch
