// Reading through Poco::Data, on both engines; what goes wrong is told as the working connection tells it.
#include "common/clients/database/reader.h"

#include <gtest/gtest.h>
#include <sys/socket.h>

#include <cstdlib>
#include <functional>
#include <thread>

#include "common/clients/database/database.h"
#include "common/core/text.h"
#include "common/io/clock.h"
#include "common/io/descriptor.h"
#include "common/io/files.h"
#include "tests/common/clients/database/statement_error_of.h"
#include "tests/support/loopback.h"
#include "tests/support/postgres.h"

namespace baton::database {
namespace {

using namespace std::chrono_literals;
using Column = std::vector<std::string>;
using test::PostgresServer;

/// Its message is empty where there was none.
Error refusal_of(const std::function<void()>& act) {
  try {
    act();
  } catch (const Error& error) {
    return error;
  }
  return {ExitCode::error, ""};
}

StatementError read_error_of(Reader& reader, const std::string& sql) {
  try {
    reader.column(sql);
  } catch (const StatementError& error) {
    return error;
  }
  ADD_FAILURE() << "no error from " << sql;
  return {"", ""};
}

/// Both ways to the same database end with the same words.
void expect_same_refusal(const Address& address) {
  const Error mine = refusal_of([&] { const Reader reader(address, 2s); });
  const Error other = refusal_of([&] { connect(address, 2s); });
  EXPECT_EQ(mine.code(), ExitCode::unknown);
  EXPECT_STREQ(mine.what(), other.what());
  EXPECT_EQ(mine.hint(), other.hint());
}

/// Takes every connection and never says a word.
class SilentServer {
 public:
  SilentServer() {
    auto address = test::loopback(0);
    socklen_t size = sizeof address;
    auto* generic = reinterpret_cast<sockaddr*>(&address);
    EXPECT_EQ(::bind(socket_.number(), generic, size), 0);
    EXPECT_EQ(::listen(socket_.number(), /*backlog=*/8), 0);
    EXPECT_EQ(::getsockname(socket_.number(), generic, &size), 0);
    port_ = ntohs(address.sin_port);
  }
  int port() const { return port_; }

 private:
  Descriptor socket_{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
  int port_ = 0;
};

class SqliteReaderTest : public testing::Test {
 protected:
  std::unique_ptr<Database> open() { return connect(address_, 100ms, IfMissing::create); }

  TempFolder folder_;
  Address address_ = parse_address("sqlite:" + (folder_.path() / "app.db").string());
};

TEST_F(SqliteReaderTest, ReadsTheFirstColumn) {
  open()->execute(
      "create table t (id character varying(9), n int); insert into t values ('a', 1), (null, 2), ('c', 3)");
  Reader reader(address_, 1s);
  EXPECT_EQ(reader.column("select cast(id as text), n from t where n < $1 and n > $2 order by n", {"3", "0"}),
            (Column{"a", ""}));
  EXPECT_EQ(reader.column("select name from pragma_table_info($1)", {"t"}), (Column{"id", "n"}));
  EXPECT_EQ(reader.column("select name from pragma_table_info($1)", {"nope"}), Column{});
}

TEST_F(SqliteReaderTest, ReadsAFileOfAnyName) {
  address_ = parse_address("sqlite:" + (folder_.path() / "my %25 #app.db").string());
  open()->execute("create table t (id text)");
  EXPECT_EQ(Reader(address_, 1s).column("select name from sqlite_master"), Column{"t"});
}

TEST_F(SqliteReaderTest, MakesNoFile) {
  const auto started = SystemClock().monotonic();
  expect_same_refusal(address_);
  EXPECT_LT(SystemClock().monotonic() - started, 1s);
  EXPECT_TRUE(fs::is_empty(folder_.path()));
}

TEST_F(SqliteReaderTest, SaysThatAFileIsNoDatabase) {
  write_file(address_.path, std::string(4096, 'x'));
  expect_same_refusal(address_);
}

TEST_F(SqliteReaderTest, ReadsWhatIsCommittedWhileAnotherWrites) {
  const auto writer = open();
  writer->execute("create table t (id text); insert into t values ('a'); begin immediate; insert into t values ('b')");
  Reader reader(address_, 100ms);
  EXPECT_EQ(reader.column("select id from t"), Column{"a"});
  writer->execute("commit");
  EXPECT_EQ(reader.column("select id from t"), (Column{"a", "b"}));
}

TEST_F(SqliteReaderTest, WaitsForALockNoLongerThanItsTimeout) {
  const auto holder = open();
  holder->execute("create table t (id text); begin exclusive");
  Reader reader(address_, 100ms);
  const auto error = read_error_of(reader, "select id from t");
  EXPECT_EQ(error.sqlstate(), "5");
  EXPECT_STREQ(error.what(), "database is locked");
  holder->execute("commit");
  EXPECT_EQ(reader.column("select id from t"), Column{});
}

TEST_F(SqliteReaderTest, WaitsUntilTheLockIsFree) {
  const auto holder = open();
  holder->execute("create table t (id text); begin exclusive");
  Reader reader(address_, 1min);
  const std::jthread releasing([&] {
    SystemClock().sleep_for(200ms, {});
    holder->execute("commit");
  });
  EXPECT_EQ(reader.column("select id from t"), Column{});
}

TEST_F(SqliteReaderTest, ChangesNothing) {
  open()->execute("create table t (id text)");
  Reader reader(address_, 1s);
  EXPECT_EQ(read_error_of(reader, "insert into t values ('a') returning id").sqlstate(), "8");
  EXPECT_EQ(read_error_of(reader, "create table u (id text)").sqlstate(), "8");
}

TEST_F(SqliteReaderTest, TellsTheEnginesOwnWordsAndCode) {
  const auto database = open();
  Reader reader(address_, 1s);
  const auto mine = read_error_of(reader, "select nope from nowhere");
  const auto other = error_of(*database, "select nope from nowhere");
  EXPECT_EQ(mine.sqlstate(), other.sqlstate());
  EXPECT_STREQ(mine.what(), other.what());
}

TEST_F(SqliteReaderTest, ReadsAfterAWriterWasKilled) {
  const auto writer = open();
  writer->execute(
      "create table t (id text); insert into t values ('a'); pragma cache_size = 1; begin; "
      "with recursive n(i) as (select 1 union all select i + 1 from n where i < 5000) insert into t select hex(i) from "
      "n");
  const fs::path copy = folder_.path() / "copy.db";
  fs::copy(address_.path, copy);
  fs::copy(address_.path + "-journal", copy.string() + "-journal");
  ASSERT_GT(fs::file_size(copy), 10000U) << "nothing of the transaction has reached the file";
  EXPECT_EQ(Reader(parse_address("sqlite:" + copy.string()), 1s).column("select id from t"), Column{"a"});
}

class PostgresqlReaderTest : public testing::Test {
 protected:
  std::string ask(const std::string& sql) const { return test::ask(url_, sql); }
  /// The URL of a new role with this password.
  std::string url_of(const std::string& role, const std::string& password) const {
    ask("drop role if exists " + role);
    ask("create role " + role + " login password '" + replace_all(password, "'", "''") + "'");
    return "postgresql://" + role + ":" + percent_encode(password) + url_.substr(url_.rfind('@'));
  }

  std::string url_ = PostgresServer::shared().new_database();
};

TEST_F(PostgresqlReaderTest, ReadsTheFirstColumn) {
  ask("create table t as select * from (values ('a', 1), (null, 2), ('c', 3)) as v (id, n)");
  Reader reader(parse_address(url_), 5s);
  EXPECT_EQ(reader.column("select id, n from t where n < $1 and n > $2 order by n", {"3", "0"}), (Column{"a", ""}));
  EXPECT_EQ(reader.column("select id from t where n > 3"), Column{});
}

TEST_F(PostgresqlReaderTest, SeesWhatOthersCommitMeanwhile) {
  ask("create table t (id text)");
  Reader reader(parse_address(url_), 5s);
  EXPECT_EQ(reader.column("select id from t"), Column{});
  ask("insert into t values ('a')");
  EXPECT_EQ(reader.column("select id from t"), Column{"a"});
}

TEST_F(PostgresqlReaderTest, ChangesNothing) {
  ask("create table t (id text)");
  Reader reader(parse_address(url_), 5s);
  EXPECT_EQ(read_error_of(reader, "insert into t values ('a') returning id").sqlstate(), "25006");
}

TEST_F(PostgresqlReaderTest, ConnectsAsTheWorkingConnectionDoes) {
  ask("create schema \"my shop\"");
  const auto address = parse_address(url_ + "?search_path=%22my%20shop%22,public&options=-c%20statement_timeout%3D5s");
  Reader reader(address, 5s);
  for (const auto* name : {"search_path", "statement_timeout", "application_name", "client_encoding"}) {
    const std::string question = std::string("select current_setting('") + name + "')";
    EXPECT_EQ(reader.column(question), Column{*connect(address, 5s)->query(question).rows[0][0]});
  }
}

TEST_F(PostgresqlReaderTest, TakesPasswordsOfAnyCharacters) {
  for (const auto* password : {R"(p"w'd\=%&+#ä)", "two words", " = ", "a  b='c d' e", R"(\ ')"}) {
    EXPECT_EQ(Reader(parse_address(url_of("reader", password)), 5s).column("select current_user::text"),
              Column{"reader"})
        << password;
  }
}

TEST_F(PostgresqlReaderTest, LeavesTheProcessesVariablesAsTheyWere) {
  ::setenv("PGPASSWORD", "of somebody else", 1);
  ::unsetenv("PGOPTIONS");
  const Reader reader(parse_address(url_ + "?options=-c%20statement_timeout%3D5s"), 5s);
  EXPECT_STREQ(std::getenv("PGPASSWORD"), "of somebody else");
  EXPECT_EQ(std::getenv("PGOPTIONS"), nullptr);
  ::unsetenv("PGPASSWORD");
}

TEST_F(PostgresqlReaderTest, NeverShowsThePassword) {
  for (const auto* password : {"wr0ng", R"(wr0ng"'d\=%&+)", "wr0ng with blanks", "wr0ng a=b"}) {
    const auto address = parse_address("postgresql://baton:" + percent_encode(password) + url_.substr(url_.rfind('@')));
    expect_same_refusal(address);
    const std::string message = refusal_of([&] { const Reader reader(address, 5s); }).what();
    EXPECT_NE(message.find("password authentication failed"), std::string::npos) << message;
    EXPECT_EQ(message.find("wr0ng"), std::string::npos) << message;
  }
}

TEST_F(PostgresqlReaderTest, RefusesABlankThatLibpqHasNoVariableFor) {
  const auto error = refusal_of([&] { const Reader reader(parse_address(url_ + "?sslpassword=s3%20cret%3D1"), 5s); });
  EXPECT_EQ(error.code(), ExitCode::usage);
  EXPECT_STREQ(error.what(), "the database URL's 'sslpassword' holds a blank, which cannot be handed on");
}

TEST_F(PostgresqlReaderTest, SaysWhyItCannotConnect) {
  expect_same_refusal(parse_address("postgresql://a:secret@127.0.0.1:" + std::to_string(test::free_port()) + "/x"));
  expect_same_refusal(parse_address("postgresql://a:secret@127.0.0.1:99999/x"));
  expect_same_refusal(parse_address(url_ + "_gone"));
}

TEST_F(PostgresqlReaderTest, GivesUpOnAServerThatSaysNothing) {
  const SilentServer silent;
  const auto started = SystemClock().monotonic();
  const auto address = parse_address("postgresql://a:secret@127.0.0.1:" + std::to_string(silent.port()) + "/x");
  expect_same_refusal(address);
  EXPECT_LT(SystemClock().monotonic() - started, 7s);
}

TEST_F(PostgresqlReaderTest, TellsTheEnginesOwnWordsAndCode) {
  ask("create table t (id text)");
  ask("create schema hidden create table hidden_too (id text)");
  const auto address = parse_address(url_of("stranger", "x y"));
  const auto database = connect(address, 5s);
  for (const auto* sql : {"select id from t", "select id from hidden.hidden_too", "select nope",
                          "select 1/(random()*0)::int", "select 'x' || strpos(1)", "select nope.id from t"}) {
    Reader reader(address, 5s);
    const auto mine = read_error_of(reader, sql);
    const auto other = error_of(*database, sql);
    EXPECT_EQ(mine.sqlstate(), other.sqlstate());
    EXPECT_STREQ(mine.what(), other.what());
  }
}

TEST_F(PostgresqlReaderTest, SaysThatTheConnectionWasLost) {
  Reader reader(parse_address(url_), 5s);
  ask("select pg_terminate_backend(" + reader.column("select pg_backend_pid()::text").at(0) + ")");
  const auto error = read_error_of(reader, "select 1::text");
  EXPECT_TRUE(error.has_lost_connection()) << error.what();
  EXPECT_TRUE(std::string(error.what()).starts_with("the connection to the database was lost: ")) << error.what();
}

TEST_F(PostgresqlReaderTest, KeepsNoticesFromStderr) {
  ask("create function f() returns text language plpgsql as $$ begin raise warning 'boo'; return 'x'; end $$");
  testing::internal::CaptureStderr();
  EXPECT_EQ(Reader(parse_address(url_), 5s).column("select f()"), Column{"x"});
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "");
}

}  // namespace
}  // namespace baton::database
