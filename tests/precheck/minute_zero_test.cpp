// What would go wrong in the first minute: APIs, probes, channels, the place of the backup.
#include <gtest/gtest.h>

#include "tests/precheck/scene.h"
#include "tests/sandbox/fixture.h"
#include "tests/support/certificates.h"
#include "tests/support/http_server.h"
#include "tests/support/postgres.h"
#include "tests/support/refusal.h"

namespace baton::precheck {
namespace {

using test::EnvScene;
using test::says;

class MinuteZero : public testing::Test {
 protected:
  MinuteZero() { playground.set_fault("v1.6.0"); }

  Finding finding(const std::string& check, const std::string& manifest) {
    const WrittenFile file("k8s.yaml", manifest);
    EnvScene scene("image: '" + playground.image() + "'\nkubernetes: {service: myapp, container: myapp, manifest: '" +
                   file.path() + "'}\n");
    scene.environment = Environment({{"KUBECONFIG", playground.kubeconfig()}});
    return look_at(scene, check);
  }
  Finding finding(const std::string& check) {
    EnvScene scene("image: '" + playground.image() + "'\nkubernetes: {service: myapp}\n");
    scene.environment = Environment({{"KUBECONFIG", playground.kubeconfig()}});
    return look_at(scene, check);
  }

  test::Playground playground;
};

std::string deployment(const std::string& containers, const std::string& more = "") {
  return "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: myapp}\nspec:\n  selector: {matchLabels: {app: "
         "myapp}}\n"
         "  template:\n    metadata: {labels: {app: myapp}}\n    spec: {containers: [" +
         containers + "]" + more + "}\n";
}
const std::string kPort = "name: myapp, image: myapp, ports: [{name: http, containerPort: 8080}]";
const std::string kReady = ", readinessProbe: {httpGet: {path: /, port: http}}";
const std::string kAlive = ", livenessProbe: {httpGet: {path: /, port: http}}";

TEST_F(MinuteZero, ServingContainersHaveProbes) {
  EXPECT_EQ(finding("probes").outcome, Outcome::pass) << "what serves is the template";
  EXPECT_EQ(finding("probes", deployment("{" + kPort + kReady + kAlive + "}")).outcome, Outcome::pass);
  const auto unlively = finding("probes", deployment("{" + kPort + kReady + "}"));
  EXPECT_EQ(unlively.outcome, Outcome::warn);
  EXPECT_TRUE(says(unlively.message, "no livenessProbe: myapp"));
  const auto unready = finding("probes", deployment("{" + kPort + kAlive + "}"));
  EXPECT_EQ(unready.outcome, Outcome::fail);
  EXPECT_TRUE(unready.critical);
  EXPECT_TRUE(says(unready.message, "no readinessProbe: myapp, users would come before it can serve"));
}

TEST_F(MinuteZero, AContainerThatDoesNotServeNeedsNone) {
  const auto beside = deployment("{" + kPort + kReady + kAlive + "}, {name: shipper, image: logs}");
  EXPECT_EQ(finding("probes", beside).outcome, Outcome::pass);
  const auto in_front = deployment(
      "{name: myapp, image: myapp}, {name: proxy, image: envoy, ports: [{name: http, containerPort: 8080}]}");
  EXPECT_TRUE(says(finding("probes", in_front).message, "no readinessProbe: proxy"));
  const auto unsaid = deployment("{name: myapp, image: myapp}");
  EXPECT_TRUE(says(finding("probes", unsaid).message, "no readinessProbe: myapp"));
}

TEST_F(MinuteZero, ATemplateThatDoesNotFitIsForDeploymentAdmittedToSay) {
  const std::string broken = "kind: [";
  for (const auto* check : {"probes", "apis-served", "cluster-capacity"})
    EXPECT_EQ(finding(check, broken).outcome, Outcome::unknown) << check;
  EXPECT_EQ(finding("deployment-admitted", broken).outcome, Outcome::fail);
}

TEST_F(MinuteZero, EveryApiIsServed) {
  EXPECT_EQ(finding("apis-served").outcome, Outcome::pass);
  const auto app = deployment("{" + kPort + "}");
  const auto fine = finding("apis-served", app + "---\napiVersion: v1\nkind: ServiceAccount\nmetadata: {name: a}\n");
  EXPECT_EQ(fine.outcome, Outcome::pass) << fine.message;
  EXPECT_EQ(fine.observed, Measured("2/2 served"));
  const auto gone =
      finding("apis-served", app + "---\napiVersion: policy/v1beta1\nkind: PodDisruptionBudget\nmetadata: {name: b}\n");
  EXPECT_EQ(gone.outcome, Outcome::fail);
  EXPECT_TRUE(says(gone.message, "policy/v1beta1 PodDisruptionBudget, last served by Kubernetes 1.24: use policy/v1"));
  const auto own = finding("apis-served", app + "---\napiVersion: example.com/v1\nkind: Shop\nmetadata: {name: c}\n");
  EXPECT_EQ(own.outcome, Outcome::fail);
  EXPECT_TRUE(says(own.message, "not served: example.com/v1 Shop"));
}

TEST(ApisServed, OneThatIsServedStillAndEndsWarns) {
  const test::HttpServer server([](const test::Received& request) {
    const bool is_apps = request.target.starts_with("/apis/apps/v1");
    const bool is_old = request.target.starts_with("/apis/batch/v1beta1");
    if (!is_apps && !is_old)
      return test::Answer{.status = 404, .body = R"({"kind":"Status","message":"no","code":404})"};
    return test::Answer{.body = std::string(R"({"kind":"APIResourceList","resources":[{"name":"x","kind":")") +
                                (is_old ? "CronJob" : "Deployment") + R"(","namespaced":true}]})"};
  });
  const WrittenFile file("k8s.yaml", deployment("{" + kPort + "}") +
                                         "---\napiVersion: batch/v1beta1\nkind: CronJob\nmetadata: {name: c}\n");
  EnvScene scene("kubernetes: {manifest: '" + file.path() + "'}\n");
  const KubeconfigOf cluster(server.url());
  cluster.use_in(scene);
  const auto finding = look_at(scene, "apis-served");
  EXPECT_EQ(finding.outcome, Outcome::warn) << finding.message;
  EXPECT_TRUE(says(finding.message, "ending: batch/v1beta1 CronJob, last served by Kubernetes 1.24: use batch/v1"));
}

Finding notified(const std::string& channels) {
  EnvScene scene("notify: {to: [" + channels + "]}");
  return look_at(scene, "notifications");
}

TEST(NotificationsCheck, ReachesEveryChannelAndSendsNothing) {
  const test::HttpServer server([](const test::Received&) { return test::Answer{}; });
  const auto finding = notified("{webhook: '" + server.url() + "/hook-secret'}, {slack: '" + server.url() + "/two'}");
  EXPECT_EQ(finding.outcome, Outcome::pass) << finding.message;
  EXPECT_EQ(finding.message, "2 of 2 channels reached, nothing was sent");
  EXPECT_TRUE(server.received().empty());
  const auto lost = notified("{webhook: 'http://127.0.0.1:1/hook-secret'}");
  EXPECT_EQ(lost.outcome, Outcome::fail);
  EXPECT_TRUE(says(lost.message, "webhook: cannot reach 'http://127.0.0.1:1'"));
  EXPECT_EQ(lost.message.find("hook-secret"), std::string::npos) << "its path is its password";
}

TEST(NotificationsCheck, ACertificateThatNobodyTrustsIsNotReached) {
  const test::Authority authority;
  const test::HttpServer server([](const test::Received&) { return test::Answer{}; }, {.identity = authority.issue()});
  const auto finding = notified("{webhook: 'https://127.0.0.1:" + std::to_string(server.port()) + "/'}");
  EXPECT_EQ(finding.outcome, Outcome::fail);
  EXPECT_TRUE(says(finding.message, "its certificate is refused"));
}

TEST(NotificationsCheck, WhatIsNoUrlIsNotReachedAndNotShown) {
  const auto finding = notified("{webhook: 'xoxb-secret-token'}");
  EXPECT_EQ(finding.outcome, Outcome::fail);
  EXPECT_TRUE(says(finding.message, "webhook: its address is no http or https URL"));
  EXPECT_EQ(finding.message.find("xoxb"), std::string::npos);
}

TEST(NotificationsCheck, WithoutChannelsNobodyAsks) {
  EnvScene scene;
  const auto finding = look_at(scene, "notifications");
  EXPECT_EQ(finding.outcome, Outcome::skipped);
  EXPECT_TRUE(finding.settled);
}

Finding backup_in(const std::string& folder, const std::string& database) {
  EnvScene scene("database: {url: '" + database + "'}\nmigrate: {backup_dir: '" + folder + "'}\n");
  return look_at(scene, "backup-target");
}

TEST(BackupTarget, IsWritableWithRoomForTheDatabase) {
  const TempFolder folder;
  const WrittenFile database("app.db", "");
  const auto url = "sqlite:" + database.path();
  const auto finding = backup_in((folder.path() / "to" / "be" / "made").string(), url);
  EXPECT_EQ(finding.outcome, Outcome::pass) << finding.message;
  EXPECT_FALSE(fs::exists(folder.path() / "to")) << "nothing is made";
  EXPECT_EQ(backup_in(folder.path().string(), "sqlite:" + (folder.path() / "first.db").string()).outcome, Outcome::pass)
      << "a first release's database is still to be made";
  const auto no_folder = backup_in(database.path(), url);
  EXPECT_EQ(no_folder.outcome, Outcome::fail);
  EXPECT_TRUE(says(no_folder.message, "is no folder"));
  EXPECT_EQ(backup_in("/proc/backups", url).outcome, Outcome::fail);
  EXPECT_EQ(backup_in(folder.path().string(), "postgresql://u@127.0.0.1:1/shop").outcome, Outcome::unknown);
}

TEST(BackupTarget, AsksPostgresqlHowLargeItIs) {
  const TempFolder folder;
  const auto finding = backup_in(folder.path().string(), test::PostgresServer::shared().new_database());
  EXPECT_EQ(finding.outcome, Outcome::pass) << finding.message;
  EXPECT_TRUE(says(finding.message, "the database has 7"));
}

TEST(BackupTarget, NoneIsNeededWhereNoneIsMade) {
  EnvScene scene("database: {url: 'postgresql://u@127.0.0.1:1/shop'}\nmigrate: {backup: false, backup_dir: /proc/x}\n");
  EXPECT_EQ(look_at(scene, "backup-target").outcome, Outcome::pass);
}

}  // namespace
}  // namespace baton::precheck
