// The SQLite client against real files.
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <thread>

#include "common/clients/database/database.h"
#include "common/clients/database/sqlite/backup.h"
#include "common/io/clock.h"
#include "common/io/files.h"
#include "tests/common/clients/database/statement_error_of.h"

namespace baton::database {
namespace {

using namespace std::chrono_literals;

class SqliteTest : public testing::Test {
 protected:
  std::unique_ptr<Database> open(Duration timeout = 100ms) { return connect(address_, timeout, IfMissing::create); }

  TempFolder folder_;
  Address address_ = parse_address("sqlite:" + (folder_.path() / "app.db").string());
};

TEST_F(SqliteTest, RunsSeveralStatementsAtOnce) {
  const auto database = open();
  database->execute("create table t (id int, name text); -- a note\ninsert into t values (1, 'a;b'), (2, null);\n");
  const auto rows = database->query("select id, name from t where id >= $1 and id < $2 order by id", {"1", "9"});
  EXPECT_EQ(rows.columns, (std::vector<std::string>{"id", "name"}));
  EXPECT_EQ(rows.rows, (std::vector<Row>{{"1", "a;b"}, {"2", std::nullopt}}));
}

TEST_F(SqliteTest, PlacesASyntaxErrorInTheWholeText) {
  const auto error = error_of(*open(), "select 'ä';\nselec 1");
  EXPECT_EQ(error.position().character, 13);
  EXPECT_EQ(error.position().statement, 2);
  EXPECT_EQ(error.sqlstate(), "1");
}

TEST_F(SqliteTest, PlacesAFailingStatementWhereItBegins) {
  const auto error =
      error_of(*open(), "create table t (id int primary key);\n/* one */ -- two\n insert into t values (1), (1)");
  EXPECT_EQ(error.position().character, 56);
  EXPECT_EQ(error.sqlstate(), "1555");
}

TEST_F(SqliteTest, RefusesATextWithANulByte) {
  EXPECT_EQ(error_of(*open(), std::string_view("select 1;\0 drop table t", 22)).position().character, 10);
}

TEST_F(SqliteTest, EndsARunningStatementFromAnotherThread) {
  const auto database = open();
  SystemClock clock;
  std::jthread canceller([&](const std::stop_token& stop) {
    while (clock.sleep_for(20ms, stop)) database->cancel();
  });
  const auto error =
      error_of(*database, "with recursive n(i) as (select 1 union all select i + 1 from n) select count(*) from n");
  EXPECT_TRUE(error.is_cancelled()) << error.what();
}

TEST_F(SqliteTest, WaitsForALockNoLongerThanItsTimeout) {
  const auto holder = open();
  holder->execute("begin immediate");
  EXPECT_EQ(error_of(*open(), "begin immediate").sqlstate(), "5");
}

TEST_F(SqliteTest, EndsAWaitForALockFromAnotherThread) {
  const auto holder = open();
  holder->execute("begin immediate");
  const auto database = open(1min);
  SystemClock clock;
  std::jthread canceller([&](const std::stop_token& stop) {
    while (clock.sleep_for(20ms, stop)) database->cancel();
  });
  EXPECT_TRUE(error_of(*database, "begin immediate").is_cancelled());
}

TEST_F(SqliteTest, KnowsWhetherATransactionIsOpen) {
  const auto database = open();
  database->execute("begin");
  EXPECT_TRUE(database->in_transaction());
  database->execute("commit");
  EXPECT_FALSE(database->in_transaction());
}

std::string failure_to_connect(const Address& address) {
  try {
    connect(address, 1s);
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ExitCode::unknown);
    return error.what();
  }
  return "";
}

TEST_F(SqliteTest, MakesAFileOnlyWhenTold) {
  EXPECT_NE(failure_to_connect(address_).find("unable to open database file"), std::string::npos);
  EXPECT_FALSE(fs::exists(address_.path));
  open();
  EXPECT_EQ(failure_to_connect(address_), "");
}

TEST_F(SqliteTest, SaysThatAFileIsNoDatabase) {
  write_file(address_.path, std::string(4096, 'x'));
  EXPECT_NE(failure_to_connect(address_).find("file is not a database"), std::string::npos);
}

TEST_F(SqliteTest, BacksUpWhileAnotherConnectionWrites) {
  const auto database = open();
  database->execute("create table t (id int); insert into t values (1); begin; insert into t values (2)");
  const auto copy = (folder_.path() / "copy.sqlite3").string();
  write_file(copy, "");
  backup_sqlite(address_, copy);
  database->execute("commit");
  const auto restored = connect(parse_address("sqlite:" + copy), 1s);
  EXPECT_EQ(*restored->query("select count(*) from t").rows[0][0], "1");
}

TEST_F(SqliteTest, CountsWhatATextHasCommitted) {
  const auto database = open();
  database->execute("begin; create table t (id int)");
  EXPECT_EQ(database->committed(), 0);
  database->execute("insert into t values (1); commit; select 1");
  EXPECT_EQ(database->committed(), 2);
  database->execute("begin; insert into t values (2); rollback");
  EXPECT_EQ(database->committed(), 0);
}

TEST_F(SqliteTest, FindsOutACopyOfADamagedDatabase) {
  open()->execute(
      "create table t (id int, x text); create index i on t (x); "
      "with recursive n(i) as (select 1 union all select i + 1 from n where i < 2000) insert into t select i, hex(i) "
      "from n");
  auto bytes = read_file(address_.path);
  std::ranges::fill(bytes.begin() + 4096, bytes.begin() + 12288, '\0');
  write_file(address_.path, bytes);
  const auto copy = (folder_.path() / "copy.sqlite3").string();
  write_file(copy, "");
  backup_sqlite(address_, copy);
  EXPECT_THROW(check_sqlite_backup(copy), Error);
}

}  // namespace
}  // namespace baton::database
