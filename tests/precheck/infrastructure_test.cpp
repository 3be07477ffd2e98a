// Nodes and the database as they answer.
#include <gtest/gtest.h>

#include "tests/precheck/scene.h"
#include "tests/support/http_server.h"

namespace baton::precheck {
namespace {

using test::EnvScene;

std::string node(const std::string& name, const std::string& ready) {
  return R"({"metadata":{"name":")" + name +
         R"("},"status":{"conditions":[{"type":"MemoryPressure","status":"False"},{"type":"Ready","status":")" + ready +
         R"("}]}})";
}

/// What the check finds where the API server lists these nodes.
Finding nodes_ready_of(const std::string& nodes, int status = 200) {
  const auto list = R"({"kind":"NodeList","apiVersion":"v1","metadata":{},"items":[)" + nodes + "]}";
  const auto refusal =
      R"({"kind":"Status","apiVersion":"v1","status":"Failure","reason":"Forbidden","message":"no","code":403})";
  test::HttpServer server([&](const test::Received& request) {
    const bool is_nodes = request.target.starts_with("/api/v1/nodes");
    return test::Answer{.status = is_nodes ? status : 404,
                        .headers = {{"Content-Type", "application/json"}},
                        .body = status == 200 ? list : refusal};
  });
  EnvScene scene;
  const KubeconfigOf cluster(server.url());
  cluster.use_in(scene);
  return look_at(scene, "nodes-ready");
}

// SOP 1.2: kubectl get nodes, all Ready.
TEST(NodesReadyCheck, PassesWhenEveryNodeIsReady) {
  const auto finding = nodes_ready_of(node("a", "True") + "," + node("b", "True"));
  EXPECT_EQ(finding.outcome, Outcome::pass) << finding.message;
  EXPECT_EQ(finding.message, "2/2 Ready");
  EXPECT_EQ(finding.observed, Measured(2, "nodes"));
  EXPECT_TRUE(finding.recovery.empty());
}

TEST(NodesReadyCheck, FailsAndNamesTheNodeThatIsNot) {
  for (const auto* status : {"False", "Unknown"}) {
    const auto finding = nodes_ready_of(node("a", "True") + "," + node("b", status));
    EXPECT_EQ(finding.outcome, Outcome::fail) << status;
    EXPECT_EQ(finding.message, "1/2 Ready; not ready: b");
    EXPECT_EQ(finding.observed, Measured(1, "nodes"));
    EXPECT_FALSE(finding.recovery.empty());
  }
}

TEST(NodesReadyCheck, ANodeThatDoesNotSayIsNotReady) {
  EXPECT_EQ(nodes_ready_of(R"({"metadata":{"name":"a"},"status":{}})").outcome, Outcome::fail);
}

TEST(NodesReadyCheck, CountsEachNodeOnceWhenThePagesExpireOnTheWay) {
  int lists = 0;
  test::HttpServer server([&](const test::Received& request) {
    test::Answer answer{.headers = {{"Content-Type", "application/json"}}};
    const bool is_second_page = request.target.find("continue=") != std::string::npos;
    if (is_second_page && lists == 1) {
      answer.status = 410;
      answer.body =
          R"({"kind":"Status","apiVersion":"v1","status":"Failure","reason":"Expired","message":"old","code":410})";
      return answer;
    }
    lists += is_second_page ? 0 : 1;
    answer.body = R"({"kind":"NodeList","apiVersion":"v1","metadata":{)" +
                  std::string(is_second_page ? "" : R"("continue":"more")") + R"(},"items":[)" +
                  node(is_second_page ? "b" : "a", "True") + "]}";
    return answer;
  });
  EnvScene scene;
  const KubeconfigOf cluster(server.url());
  cluster.use_in(scene);
  EXPECT_EQ(look_at(scene, "nodes-ready").message, "2/2 Ready");
  EXPECT_EQ(lists, 2);
}

TEST(NodesReadyCheck, NoNodesAndNoAnswerAreUnknown) {
  EXPECT_EQ(nodes_ready_of("").outcome, Outcome::unknown);
  EXPECT_EQ(nodes_ready_of("", 403).outcome, Outcome::unknown);
}

TEST(DatabaseCheck, PassesWhereItAnswersAndIsUnknownWhereItDoesNot) {
  const WrittenFile database("app.db", "");  // an empty file is an empty SQLite database
  EnvScene there("database: {url: 'sqlite:" + database.path() + "'}");
  const auto finding = look_at(there, "database-reachable");
  EXPECT_EQ(finding.outcome, Outcome::pass) << finding.message;
  EXPECT_EQ(finding.message.find("SQLite 3."), 0U) << finding.message;
  EnvScene away("database: {url: 'postgresql://u@127.0.0.1:1/shop'}");
  EXPECT_EQ(look_at(away, "database-reachable").outcome, Outcome::unknown);
}

/// A scene of a database that is not there, beside these migrations.
EnvScene missing_database(const fs::path& file, const fs::path& migrations) {
  return EnvScene("database: {url: 'sqlite:" + file.string() + "', migrations: '" + migrations.string() + "'}");
}

TEST(DatabaseCheck, AFileThatTheFirstMigrationMakesIsCaution) {
  const WrittenFile migration("20250101_users.sql", "-- migrate:up\n");
  const auto folder = fs::path(migration.path()).parent_path();
  auto scene = missing_database(folder / "app.db", folder);
  const auto checked = run_in(scene, {.only = {"database-reachable"}});
  const auto finding = finding_of(checked, "database-reachable");
  EXPECT_EQ(finding.outcome, Outcome::warn);
  EXPECT_EQ(finding.message, "not there yet: the first migration makes it");
  EXPECT_EQ(checked.state["database_to_make"], Json((folder / "app.db").string()));
  EXPECT_EQ(decide(checked.findings()), Verdict::caution);
  EXPECT_FALSE(fs::exists(folder / "app.db"));
}

TEST(DatabaseCheck, AFileThatNobodyCanMakeIsUnknown) {
  const WrittenFile migration("20250101_users.sql", "-- migrate:up\n");
  const TempFolder empty;
  const auto folder = fs::path(migration.path()).parent_path();
  auto nowhere = missing_database(folder / "gone" / "app.db", folder);
  EXPECT_EQ(look_at(nowhere, "database-reachable").outcome, Outcome::unknown) << "its folder is not there";
  auto without_migrations = missing_database(folder / "app.db", empty.path());
  EXPECT_EQ(look_at(without_migrations, "database-reachable").outcome, Outcome::unknown);
}

}  // namespace
}  // namespace baton::precheck
