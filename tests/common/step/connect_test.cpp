// Clients made from keys: their errors name the setting that led there.
#include "common/step/connect.h"

#include <gtest/gtest.h>

#include "common/config/sections/precheck.h"
#include "tests/support/background.h"
#include "tests/support/env_scene.h"

namespace baton {
namespace {

std::string closed_url() { return "http://127.0.0.1:" + std::to_string(test::free_port()); }

TEST(ConnectTest, AStoreThatIsAwayIsNamedByItsKeyAndPlace) {
  const std::string url = closed_url();
  const test::EnvScene scene("metrics: {prometheus: \"" + url + "\"}");
  try {
    connect_metrics(scene.env).query("up", scene.clock.now());
    FAIL() << "answered";
  } catch (const Error& error) {
    EXPECT_EQ(error.what(),
              "cannot reach '" + url + "/api/v1/query' (metrics.prometheus, baton.yaml:2:23): " + "connection refused");
  }
}

TEST(ConnectTest, AClusterThatIsAwayIsNamedByItsContextAndFile) {
  const TempFolder folder;
  const std::string file = (folder.path() / "kc").string();
  write_file(file, "clusters: [{name: c, cluster: {server: \"" + closed_url() +
                       "\"}}]\ncontexts: [{name: prod, context: {cluster: c}}]\ncurrent-context: prod\n");
  test::EnvScene scene;
  scene.environment = Environment({{"KUBECONFIG", file}});
  try {
    connect_cluster(scene.env).cluster_uid();
    FAIL() << "answered";
  } catch (const Error& error) {
    EXPECT_NE(std::string(error.what()).find("(context 'prod' of " + file + "): connection refused"), std::string::npos)
        << error.what();
  }
}

TEST(ConnectTest, MetricsThatAreDeclaredNotApplicableAreNotJudgedThoughThereIsAStore) {
  const std::string store = "metrics: {prometheus: 'http://127.0.0.1:1'}\n";
  test::EnvScene judged(store);
  EXPECT_EQ(reason_without_metrics(judged.env), "");
  EXPECT_TRUE(connect_metrics_if_configured(judged.env));
  for (const auto name : kMetricsNames) {
    const test::EnvScene declared(store + "precheck: {not_applicable: {" + std::string(name) + ": a batch worker}}");
    EXPECT_EQ(reason_without_metrics(declared.env), "declared not applicable: a batch worker") << name;
    EXPECT_FALSE(connect_metrics_if_configured(declared.env)) << name;
  }
  judged.add_step("precheck", Verdict::caution, Json::object({{"without_metrics", "first release"}}));
  EXPECT_EQ(reason_without_metrics(judged.env), "first release");
  EXPECT_FALSE(connect_metrics_if_configured(judged.env));
}

}  // namespace
}  // namespace baton
