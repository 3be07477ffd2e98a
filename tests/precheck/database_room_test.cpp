// The database's room: its disk by the metrics store, its connections with the next colour's.
#include <gtest/gtest.h>

#include "common/clients/database/database.h"
#include "tests/precheck/scene.h"
#include "tests/sandbox/fixture.h"
#include "tests/support/http_server.h"
#include "tests/support/postgres.h"
#include "tests/support/prometheus.h"
#include "tools/precheck/pool_use.h"

namespace baton::precheck {
namespace {

using namespace std::chrono_literals;
using test::EnvScene;
using test::PostgresServer;

const std::string kDatabase = "database: {url: 'postgresql://u@127.0.0.1:1/shop'}\n";

/// What a real Prometheus answers to that query.
Finding disk_of(const std::string& query, const std::string& more = {}) {
  static const test::PrometheusServer store(test::PrometheusServer::Rules{"groups: []\n"});
  EnvScene scene(kDatabase + "metrics: {prometheus: '" + store.url() + "'}\nprecheck: {capacity: {database_disk: '" +
                 query + "'" + more + "}}");
  return look_at(scene, "database-disk");
}

// SOP 1.6: "> 30% free"; decisions 14: under 10 % stops.
TEST(DatabaseDiskCheck, MoreThanThirtyPercentPass) {
  EXPECT_EQ(disk_of("vector(0.301)").outcome, Outcome::pass) << disk_of("vector(0.301)").message;
  EXPECT_EQ(disk_of("vector(0.301)").message, "30.1 % free");
  EXPECT_EQ(disk_of("vector(0.3)").outcome, Outcome::warn);
  EXPECT_EQ(disk_of("vector(1)").outcome, Outcome::pass);
}

TEST(DatabaseDiskCheck, LessThanTenPercentFail) {
  EXPECT_EQ(disk_of("vector(0.1)").outcome, Outcome::warn);
  EXPECT_EQ(disk_of("vector(0.0999)").outcome, Outcome::fail);
  EXPECT_EQ(disk_of("vector(0)").outcome, Outcome::fail);
}

TEST(DatabaseDiskCheck, TheConfiguredShareGoesBeforeBoth) {
  EXPECT_EQ(disk_of("vector(0.06)", ", database_disk_free: 5%").outcome, Outcome::pass);
  EXPECT_EQ(disk_of("vector(0.04)", ", database_disk_free: 5%").outcome, Outcome::fail);
}

TEST(DatabaseDiskCheck, TheLeastOfSeveralDisksCounts) {
  const auto finding =
      disk_of(R"(label_replace(vector(0.2), "d", "a", "", "") or label_replace(vector(0.9), "d", "b", "", ""))");
  EXPECT_EQ(finding.outcome, Outcome::warn);
  EXPECT_EQ(finding.message, "20 % free, the least of 2 disks");
}

TEST(DatabaseDiskCheck, WhatIsNoShareIsUnknown) {
  for (const auto* query : {"absent_metric", "vector(1.01)", "vector(-0.1)", "vector(0)/0", "vector(30)", "vector("}) {
    EXPECT_EQ(disk_of(query).outcome, Outcome::unknown) << query << ": " << disk_of(query).message;
  }
}

TEST(DatabaseDiskCheck, WithoutAStoreItIsUnknownAndNotTheEndOfTheRun) {
  EnvScene scene(kDatabase + "precheck: {capacity: {database_disk: up}}");
  EXPECT_EQ(look_at(scene, "database-disk").message, "metrics.prometheus is not configured");
  EXPECT_EQ(look_at(scene, "database-disk").outcome, Outcome::unknown);
}

std::vector<PoolLimit> of_hundred(long long used) { return {{.of = "the server", .most = 100, .used = used}}; }

// Decisions 14: over 80 % warns, over 100 % stops.
TEST(PoolUseTest, EightyPercentPassAndHundredDoNotFail) {
  const NextPods next{.pods = 2, .pool = 10};
  EXPECT_EQ(judged(of_hundred(60), next, 80).outcome, Outcome::pass);
  EXPECT_EQ(judged(of_hundred(60), next, 80).message,
            "60 of 100 connections of the server are open; 2 more pods of 10 each make that 80 %");
  EXPECT_EQ(judged(of_hundred(61), next, 80).outcome, Outcome::warn);
  EXPECT_EQ(judged(of_hundred(80), next, 80).outcome, Outcome::warn);
  EXPECT_EQ(judged(of_hundred(81), next, 80).outcome, Outcome::fail);
}

TEST(PoolUseTest, WithoutThePoolItIsAtBestAWarning) {
  const auto seen = judged(of_hundred(1), std::nullopt, 80);
  EXPECT_EQ(seen.outcome, Outcome::warn);
  EXPECT_NE(seen.recovery.at(0).find("precheck.capacity.pool"), std::string::npos);
  EXPECT_EQ(judged(of_hundred(101), std::nullopt, 80).outcome, Outcome::fail);
}

TEST(PoolUseTest, TheTightestLimitCounts) {
  const auto seen =
      judged({{.of = "the server", .most = 100, .used = 1}, {.of = "the role 'shop'", .most = 10, .used = 1}},
             NextPods{.pods = 1, .pool = 10}, 80);
  EXPECT_EQ(seen.outcome, Outcome::fail);
  EXPECT_EQ(seen.message.find("1 of 10 connections of the role 'shop'"), 0U) << seen.message;
  EXPECT_EQ(judged({{.of = "the role 'shop'", .most = 0, .used = 0}}, NextPods{}, 80).outcome, Outcome::fail);
}

TEST(PoolUseTest, NoLimitAtAllIsUnknown) { EXPECT_EQ(judged({}, NextPods{}, 80).outcome, Outcome::unknown); }

/// The server of the tests takes 20 connections, three of them for superusers alone.
TEST(PoolUseTest, CountsTheServersConnections) {
  const PostgresServer server;
  const auto url = server.url("postgres");
  const auto address = database::parse_address(url);
  const auto before = pool_limits(address);
  ASSERT_EQ(before.size(), 1U);
  EXPECT_EQ(before[0].most, 17);
  const auto one = database::connect(address, 5s);
  const auto two = database::connect(address, 5s);
  EXPECT_EQ(pool_limits(address)[0].used, before[0].used + 2);
}

TEST(PoolUseTest, LimitsOfDatabaseAndRoleCountToo) {
  auto& server = PostgresServer::shared();
  const auto url = server.new_database();
  const auto name = url.substr(url.rfind('/') + 1);
  test::ask(server.url("postgres"), "alter database " + name + " connection limit 7");
  test::ask(server.url("postgres"), "create role pool_" + name + " login password 'x' connection limit 3");
  const auto limits = pool_limits(database::parse_address(
      "postgresql://pool_" + name + ":x@127.0.0.1:" + std::to_string(server.port()) + "/" + name));
  ASSERT_EQ(limits.size(), 3U);
  EXPECT_EQ(limits[1].of, "the database '" + name + "'");
  EXPECT_EQ(limits[1].most, 7);
  EXPECT_EQ(limits[2].most, 3);
  EXPECT_EQ(limits[2].used, 0) << "our own does not count";
}

/// The pods of the next colour are counted as switch will bring them up.
TEST(ConnectionPoolsCheck, CountsThePodsOfTheNextColour) {
  test::Playground playground({.replicas = 2});
  playground.set_fault("v1.6.0");
  const PostgresServer server;
  const auto finding_with = [&](const std::string& more) {
    EnvScene scene("image: '" + playground.image() + "'\nkubernetes: {service: myapp}\ndatabase: {url: \"" +
                   server.url("postgres") + "\"}\n" + more);
    scene.environment = Environment({{"KUBECONFIG", playground.kubeconfig()}});
    return look_at(scene, "connection-pools");
  };
  EXPECT_EQ(finding_with("precheck: {capacity: {pool: 5}}").outcome, Outcome::pass)
      << finding_with("precheck: {capacity: {pool: 5}}").message;
  const auto full = finding_with("precheck: {capacity: {pool: 9}}");
  EXPECT_EQ(full.outcome, Outcome::fail);
  EXPECT_NE(full.message.find("2 more pods of 9 each"), std::string::npos) << full.message;
  EXPECT_EQ(finding_with("precheck: {capacity: {pool: 9}}\nswitch: {strategy: rolling}").outcome, Outcome::pass);
  EXPECT_EQ(finding_with("").outcome, Outcome::warn) << "nobody said what a pod opens";
}

TEST(ConnectionPoolsCheck, SqliteHasNone) {
  EnvScene scene("database: {url: 'sqlite:app.db'}");
  EXPECT_EQ(look_at(scene, "connection-pools").outcome, Outcome::pass);
}

}  // namespace
}  // namespace baton::precheck
