// The PostgreSQL client against a real server.
#include <gtest/gtest.h>

#include <thread>

#include "common/clients/database/database.h"
#include "common/io/clock.h"
#include "tests/common/clients/database/statement_error_of.h"
#include "tests/support/postgres.h"

namespace baton::database {
namespace {

using test::PostgresServer;
using namespace std::chrono_literals;

class PostgresqlTest : public testing::Test {
 protected:
  std::unique_ptr<Database> open() { return connect(parse_address(url_), 5s); }

  std::string url_ = PostgresServer::shared().new_database();
};

TEST_F(PostgresqlTest, RunsSeveralStatementsAtOnce) {
  const auto database = open();
  database->execute("create table t (id int, name text); insert into t values (1, 'a;b'), (2, null)");
  const auto rows = database->query("select id, name from t where id >= $1 order by id", {"1"});
  EXPECT_EQ(rows.columns, (std::vector<std::string>{"id", "name"}));
  EXPECT_EQ(rows.rows, (std::vector<Row>{{"1", "a;b"}, {"2", std::nullopt}}));
}

TEST_F(PostgresqlTest, RollsBackAllStatementsOfATextThatFails) {
  const auto database = open();
  error_of(*database, "create table t (id int); select 1/0");
  EXPECT_EQ(*database->query("select count(*) from pg_class where relname = 't'").rows[0][0], "0");
}

TEST_F(PostgresqlTest, TellsSqlstateAndPosition) {
  const auto database = open();
  const auto error = error_of(*database, "select 'ä';\nselect nope");
  EXPECT_EQ(error.sqlstate(), "42703");
  EXPECT_EQ(error.position().character, 20);
  EXPECT_STREQ(error.what(), "column \"nope\" does not exist");
}

TEST_F(PostgresqlTest, TellsWhichStatementFailedWithoutAPosition) {
  const auto database = open();
  const auto error =
      error_of(*database, "create table t (id int primary key); insert into t values (1);; insert into t values (1)");
  EXPECT_EQ(error.sqlstate(), "23505");
  EXPECT_EQ(error.position().character, 0);
  EXPECT_EQ(error.position().statement, 3);
}

TEST_F(PostgresqlTest, HandsOverNotices) {
  const auto database = open();
  std::vector<std::string> heard;
  database->on_notice([&](std::string_view severity, std::string_view text) {
    heard.push_back(std::string(severity) + ": " + std::string(text));
  });
  database->execute("do $$ begin raise notice 'one'; raise warning 'two'; end $$");
  EXPECT_EQ(heard, (std::vector<std::string>{"NOTICE: one", "WARNING: two"}));
}

TEST_F(PostgresqlTest, EndsARunningStatementFromAnotherThread) {
  const auto database = open();
  SystemClock clock;
  std::jthread canceller([&](const std::stop_token& stop) {
    while (clock.sleep_for(50ms, stop)) database->cancel();
  });
  const auto error = error_of(*database, "select pg_sleep(30)");
  EXPECT_EQ(error.sqlstate(), "57014");
  EXPECT_TRUE(error.is_cancelled());
}

TEST_F(PostgresqlTest, KnowsWhetherATransactionIsOpen) {
  const auto database = open();
  EXPECT_FALSE(database->in_transaction());
  database->execute("begin");
  EXPECT_TRUE(database->in_transaction());
  error_of(*database, "select nope");
  EXPECT_TRUE(database->in_transaction());
  database->execute("rollback");
  EXPECT_FALSE(database->in_transaction());
}

TEST_F(PostgresqlTest, SaysWhenACommitWasARollback) {
  const auto database = open();
  database->execute("begin");
  error_of(*database, "select nope");
  EXPECT_EQ(error_of(*database, " COMMIT ").sqlstate(), "25P02");
}

TEST_F(PostgresqlTest, FailsACopyInsteadOfWaitingForRows) {
  const auto database = open();
  database->execute("create table t (id int)");
  EXPECT_EQ(error_of(*database, "copy t from stdin").sqlstate(), "57014");
  database->execute("insert into t values (1); copy t to stdout");
  EXPECT_EQ(*database->query("select count(*) from t").rows[0][0], "1");
}

TEST_F(PostgresqlTest, SaysThatTheConnectionWasLost) {
  const auto database = open();
  const auto pid = *database->query("select pg_backend_pid()").rows[0][0];
  test::ask(url_, "select pg_terminate_backend(" + pid + ")");
  EXPECT_TRUE(error_of(*database, "select 1").has_lost_connection());
}

TEST_F(PostgresqlTest, NamesItselfToTheServer) {
  EXPECT_EQ(*open()->query("select current_setting('application_name')").rows[0][0], "baton");
}

TEST_F(PostgresqlTest, SetsDbmatesSearchPath) {
  test::ask(url_, "create schema \"my shop\"");
  url_ += "?search_path=%22my%20shop%22,public";
  EXPECT_EQ(*open()->query("select current_schema()").rows[0][0], "my shop");
}

TEST_F(PostgresqlTest, RefusesATextWithANulByte) {
  EXPECT_EQ(error_of(*open(), std::string_view("select 1;\0 drop table t", 22)).position().character, 10);
}

std::string failure_to_connect(const std::string& url) {
  try {
    connect(parse_address(url), 2s);
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ExitCode::unknown);
    EXPECT_FALSE(error.hint().empty());
    return error.what();
  }
  return "";
}

TEST_F(PostgresqlTest, SaysWhyItCannotConnectAndKeepsThePassword) {
  const auto wrong = failure_to_connect(
      "postgresql://baton:wr0ng@127.0.0.1:" + std::to_string(PostgresServer::shared().port()) + "/postgres");
  EXPECT_NE(wrong.find("password authentication failed"), std::string::npos) << wrong;
  EXPECT_EQ(wrong.find("wr0ng"), std::string::npos) << wrong;
  const auto port = std::to_string(test::free_port());
  EXPECT_EQ(failure_to_connect("postgresql://a:secret@127.0.0.1:" + port + "/x"),
            "cannot reach the database 'postgresql://a:***@127.0.0.1:" + port + "/x': connection refused");
}

}  // namespace
}  // namespace baton::database
