// How a database answers: SOP 1.2's SELECT 1, its limits, and a server that takes writes.
#include "tools/precheck/database_answer.h"

#include <gtest/gtest.h>

#include "tests/precheck/scene.h"
#include "tests/support/postgres.h"

namespace baton::precheck {
namespace {

using namespace std::chrono_literals;
using test::PostgresServer;

DatabaseAnswer good() { return {.server = "PostgreSQL 15.4", .is_right = true}; }

Finding look_at_database(const std::string& url) {
  test::EnvScene scene("database: {url: \"" + url + "\"}");
  return look_at(scene, "database-reachable");
}

TEST(DatabaseAnswerTest, ConnectingMayTakeFiveSecondsAndNoMore) {
  auto answer = good();
  answer.connected_in = 5s;
  EXPECT_EQ(judged(answer).outcome, Outcome::pass);
  answer.connected_in = 5s + 1ms;
  EXPECT_EQ(judged(answer).outcome, Outcome::fail);
  EXPECT_EQ(judged(answer).message,
            "connecting took more than 5 s; PostgreSQL 15.4, connected in 5 s, answered in 0 ms");
}

TEST(DatabaseAnswerTest, AnsweringMayTakeOneSecondAndNoMore) {
  auto answer = good();
  answer.answered_in = 1s;
  EXPECT_EQ(judged(answer).outcome, Outcome::pass);
  answer.answered_in = 1s + 1ms;
  EXPECT_EQ(judged(answer).outcome, Outcome::fail);
}

TEST(DatabaseAnswerTest, AWrongAnswerFails) {
  EXPECT_EQ(judged({.server = "x"}).outcome, Outcome::fail) << "nothing was answered";
}

TEST(DatabaseAnswerTest, APrimaryPassesAndSaysItsVersion) {
  const auto finding = look_at_database(PostgresServer::shared().new_database());
  EXPECT_EQ(finding.outcome, Outcome::pass) << finding.message;
  EXPECT_EQ(finding.message.find("PostgreSQL 1"), 0U) << finding.message;
}

TEST(DatabaseAnswerTest, ADatabaseThatIsSetReadOnlyFails) {
  auto& server = PostgresServer::shared();
  const auto url = server.new_database();
  const auto name = url.substr(url.rfind('/') + 1);
  test::ask(server.url("postgres"), "alter database " + name + " set default_transaction_read_only = on");
  const auto finding = look_at_database(url);
  EXPECT_EQ(finding.outcome, Outcome::fail);
  EXPECT_EQ(finding.message.find("it is read-only; PostgreSQL "), 0U) << finding.message;
}

TEST(DatabaseAnswerTest, AStandbyFails) {
  const PostgresServer standby(PostgresServer::StandbyOf{PostgresServer::shared()});
  const auto finding = look_at_database(standby.url("postgres"));
  EXPECT_EQ(finding.outcome, Outcome::fail);
  EXPECT_EQ(finding.message.find("it is a standby, which follows another server and takes no writes; "), 0U)
      << finding.message;
  EXPECT_NE(finding.recovery.at(0).find("Name the primary"), std::string::npos);
}

TEST(DatabaseAnswerTest, AWrongPasswordIsUnknownAndNotShown) {
  const auto& server = PostgresServer::shared();
  const auto finding =
      look_at_database("postgresql://baton:wrongword@127.0.0.1:" + std::to_string(server.port()) + "/postgres");
  EXPECT_EQ(finding.outcome, Outcome::unknown);
  EXPECT_EQ(finding.message.find("wrongword"), std::string::npos);
}

}  // namespace
}  // namespace baton::precheck
