// One migration, one transaction, one row: on both engines.
#include "tools/migrate/runner.h"

#include <gtest/gtest.h>

#include <thread>

#include "common/core/digest.h"
#include "common/core/text.h"
#include "tests/migrate/ground.h"
#include "tools/migrate/folder.h"

namespace baton::migrate {
namespace {

using namespace std::chrono_literals;
using database::Engine;
using test::Ground;
using test::up_and_down;

class RunnerTest : public testing::TestWithParam<Engine> {
 protected:
  RunnerTest() { dbmate.history.prepare(*database_, GetParam()); }

  Runner runner(Duration budget = 1min) {
    return {.database = *database_,
            .engine = GetParam(),
            .format = dbmate,
            .clock = clock_,
            .log = log_,
            .stop = stop_.get_token(),
            .end = clock_.monotonic() + budget,
            .budget = budget};
  }
  Migration migration(int number, const std::string& up, const std::string& down = "") {
    const auto name = ground_.add(number, "m", up_and_down(up, down));
    return load_migration(dbmate, {.version = *dbmate.version_of(name), .name = name, .path = name}, GetParam());
  }
  MigrationError error_of(const std::function<void()>& act) {
    try {
      act();
    } catch (const MigrationError& error) {
      return error;
    }
    ADD_FAILURE() << "no error";
    return {Cause::broken, ""};
  }

  Ground ground_{GetParam()};
  std::unique_ptr<database::Database> database_ =
      database::connect(database::parse_address(ground_.url()), 5s, database::IfMissing::create);
  SystemClock clock_;
  Log log_{{.tool = "migrate", .level = LogLevel::error}};
  std::stop_source stop_;
  const fs::path before_ = fs::current_path();

  void SetUp() override { fs::current_path(ground_.migrations()); }
  void TearDown() override { fs::current_path(before_); }
};

INSTANTIATE_TEST_SUITE_P(, RunnerTest, testing::Values(Engine::sqlite, Engine::postgresql),
                         [](const auto& engine) { return engine.param == Engine::sqlite ? "Sqlite" : "Postgresql"; });

TEST_P(RunnerTest, AppliesWithItsRowAndRevertsWithoutIt) {
  const auto both = migration(1, "create table a (id int);\ninsert into a values (1);", "drop table a;");
  EXPECT_TRUE(runner().apply(both));
  EXPECT_EQ(ground_.ask("select id from a"), "1");
  EXPECT_EQ(ground_.versions(), "20250101000001");
  EXPECT_TRUE(runner().revert(both));
  EXPECT_EQ(ground_.versions(), "");
}

TEST_P(RunnerTest, LeavesNothingOfAMigrationThatFails) {
  const auto broken =
      migration(1, "create table a (id int primary key);\ninsert into a values (1);\ninsert into a values (1);");
  const auto error = error_of([&] { runner().apply(broken); });
  EXPECT_EQ(error.cause(), Cause::broken);
  EXPECT_EQ(error.code(), ExitCode::stop);
  EXPECT_TRUE(std::string(error.what()).starts_with("20250101000001_m.sql:4:1: ")) << error.what();
  EXPECT_EQ(ground_.versions(), "");
  EXPECT_TRUE(runner().apply(migration(1, "create table a (id int);")));
}

/// What the scanner of statements has missed: the migration is made past it.
TEST_P(RunnerTest, SaysWhatATextHasCommittedByItself) {
  const auto cunning = [](const std::string& sql) {
    return Migration{.version = "1", .file = "1_m.sql", .up = {{.sql = sql}}, .down = {}};
  };
  for (const auto* text : {"create table a (id int); commit; insert into a values (1);",
                           "create table b (id int); commit; insert into nope values (1);",
                           "create table c (id int); commit; begin; insert into nope values (1);",
                           "create table d (id int); commit; begin;"}) {
    const auto error = error_of([&] { runner().apply(cunning(text)); });
    EXPECT_EQ(error.code(), ExitCode::rollback_failed) << text << error.what();
    EXPECT_NE(std::string(error.what()).find("committed and not rolled back: the text's first "), std::string::npos);
    EXPECT_EQ(std::string(error.what()).find("; rolled back"), std::string::npos) << error.what();
    for (const auto& step : recovery_steps(error.cause(), "")) {
      EXPECT_EQ(step.find("Nothing has to be restored"), std::string::npos);
    }
  }
  EXPECT_EQ(ground_.ask("select id from a"), "1");
  EXPECT_EQ(ground_.versions(), "");
}

TEST_P(RunnerTest, KnowsThatATextHasRolledItselfBack) {
  const Migration undone{
      .version = "1", .file = "1_m.sql", .up = {{.sql = "create table a (id int); rollback"}}, .down = {}};
  const auto error = error_of([&] { runner().apply(undone); });
  EXPECT_EQ(error.code(), ExitCode::stop);
  EXPECT_TRUE(std::string(error.what()).ends_with("; rolled back")) << error.what();
}

TEST_P(RunnerTest, HandsNoTemporaryTableOn) {
  EXPECT_TRUE(runner().apply(migration(1, "create table users (i int); create temp table users (t text);")));
  EXPECT_TRUE(runner().apply(migration(2, "alter table users add column email text;")));
  EXPECT_EQ(ground_.ask("select count(email) from users"), "0");
}

TEST_P(RunnerTest, PointsAtTheWordThatIsWrong) {
  const auto error = error_of([&] { runner().apply(migration(1, "select 'ä;';\n  selec 1;")); });
  EXPECT_TRUE(std::string(error.what()).starts_with("20250101000001_m.sql:3:3: ")) << error.what();
}

TEST_P(RunnerTest, CancelsWhatExceedsTheBudget) {
  const auto late = migration(1, "create table a (n int);\n" + test::endless(GetParam()));
  const auto started = clock_.monotonic();
  const auto error = error_of([&] { runner(300ms).apply(late); });
  EXPECT_EQ(error.cause(), Cause::too_slow);
  EXPECT_EQ(error.code(), ExitCode::stop);
  EXPECT_TRUE(std::string(error.what()).starts_with("20250101000001_m.sql:3:1: cancelled and rolled back"))
      << error.what();
  EXPECT_LT(clock_.monotonic() - started, 5s);
  EXPECT_EQ(ground_.versions(), "");
  EXPECT_TRUE(runner().apply(migration(1, "create table a (id int);")));
}

TEST_P(RunnerTest, CancelsWhenTheRunIsStopped) {
  const auto late = migration(1, "create table a (n int);\n" + test::endless(GetParam()));
  std::jthread stopper([&] {
    clock_.sleep_for(200ms, {});
    stop_.request_stop();
  });
  const auto error = error_of([&] { runner().apply(late); });
  EXPECT_EQ(error.cause(), Cause::stopped);
  EXPECT_EQ(error.code(), ExitCode::interrupted);
  EXPECT_EQ(ground_.versions(), "");
}

TEST_P(RunnerTest, StaysWithinABudgetThatIsJustEnough) {
  EXPECT_TRUE(runner(5s).apply(migration(1, "create table a (n int);")));
}

TEST_P(RunnerTest, SaysWhatItWaitsFor) {
  const auto late = migration(1, test::endless(GetParam()), test::endless(GetParam()));
  ManualClock clock{Time{}};
  // The clock runs on while the cancelled statement ends, so only the first line is certain.
  const auto first_line_of = [&](bool (Runner::*move)(const Migration&) const) {
    const auto said = test::logged_by([&](Log& log) {
      const Runner patient{.database = *database_,
                           .engine = GetParam(),
                           .format = dbmate,
                           .clock = clock,
                           .log = log,
                           .end = clock.monotonic() + 5s,
                           .budget = 5s};
      error_of([&] { (patient.*move)(late); });
    });
    return said.substr(0, said.find('\n'));
  };
  EXPECT_EQ(first_line_of(&Runner::apply), "migrate: waiting for 20250101000001_m.sql to be applied, 2s of 5s");
  ground_.ask("insert into schema_migrations values ('20250101000001')");
  EXPECT_EQ(first_line_of(&Runner::revert), "migrate: waiting for 20250101000001_m.sql to be reverted, 2s of 5s");
}

TEST_P(RunnerTest, SkipsWhatAnotherRunHasApplied) {
  const auto once = migration(1, "create table a (id int);", "drop table a;");
  EXPECT_TRUE(runner().apply(once));
  EXPECT_FALSE(runner().apply(once));
  EXPECT_TRUE(runner().revert(once));
  EXPECT_FALSE(runner().revert(once));
}

TEST_P(RunnerTest, RecordsAMigrationOfSeveralSectionsOnce) {
  const auto name = ground_.add(1, "m",
                                up_and_down("create table a (id int);", "drop table a;") +
                                    up_and_down("create table b (id int);", "drop table b;"));
  const auto both = load_migration(dbmate, {.version = "20250101000001", .name = name, .path = name}, GetParam());
  EXPECT_TRUE(runner().apply(both));
  EXPECT_EQ(ground_.versions(), "20250101000001");
  EXPECT_TRUE(runner().revert(both));
  EXPECT_EQ(ground_.versions(), "");
}

TEST_P(RunnerTest, RefusesTheTableOfAnotherTool) {
  database_->execute(
      "drop table schema_migrations; create table schema_migrations (version bigint not null primary key, dirty "
      "boolean not null)");
  EXPECT_THROW(dbmate.history.read(over(*database_), GetParam()), Error);
}

using PostgresqlRunnerTest = RunnerTest;
INSTANTIATE_TEST_SUITE_P(, PostgresqlRunnerTest, testing::Values(Engine::postgresql),
                         [](const auto&) { return "Real"; });

TEST_P(PostgresqlRunnerTest, KeepsSessionSettingsToTheMigrationThatMadeThem) {
  EXPECT_TRUE(runner().apply(migration(1, "create schema s; set search_path = s; create table a (id int);")));
  EXPECT_TRUE(runner().apply(migration(2, "create table b (id int);")));
  EXPECT_EQ(
      ground_.ask(
          "select table_schema from information_schema.tables where table_name in ('a', 'b') order by table_name"),
      "s\npublic");
  EXPECT_EQ(ground_.ask("select count(*) from public.schema_migrations"), "2");
}

TEST_P(PostgresqlRunnerTest, LeavesTheSessionCleanAfterTheLast) {
  EXPECT_TRUE(runner().apply(
      migration(1, "select pg_catalog.set_config('search_path', '', false); create table public.a (i int);")));
  EXPECT_EQ(dbmate.history.read(over(*database_), GetParam()), std::set<std::string>{"20250101000001"});
}

TEST_P(PostgresqlRunnerTest, HandsNoRoleOn) {
  const std::string role = "lowly_" + std::to_string(ground_.path().string().size()) + "_" + random_hex(4);
  for (const auto* how : {"set role ", "set session authorization "}) {
    const std::string name = role + (how[4] == 'r' ? "r" : "s");
    ground_.execute("create role " + name + "; grant create on schema public to " + name);
    const int number = how[4] == 'r' ? 1 : 3;
    // The role has no right on the history.
    EXPECT_TRUE(runner().apply(migration(number, how + name + "; create table a" + name + " (i int);")));
    EXPECT_TRUE(runner().apply(migration(number + 1, "create table b" + name + " (i int);")));
    EXPECT_EQ(ground_.ask("select tableowner from pg_tables where tablename = 'b" + name + "'"), "baton");
    ground_.execute("drop owned by " + name + "; drop role " + name);
  }
}

TEST_P(PostgresqlRunnerTest, TellsAMissingRightFromBrokenSql) {
  const std::string role = "lowly_" + random_hex(4);
  ground_.execute("create role " + role);
  const auto error =
      error_of([&] { runner().apply(migration(1, "set role " + role + "; create table public.a (i int);")); });
  EXPECT_EQ(error.cause(), Cause::denied) << error.what();
  for (const auto& step : recovery_steps(error.cause(), "")) EXPECT_EQ(step.find("correct the SQL"), std::string::npos);
  ground_.execute("drop role " + role);
}

TEST_P(PostgresqlRunnerTest, FailsOnConstraintsThatAreCheckedAtCommit) {
  const auto late = migration(
      1,
      "create table a (id int primary key); create table b (a int references a deferrable initially deferred);\n"
      "insert into b values (1);");
  EXPECT_EQ(error_of([&] { runner().apply(late); }).cause(), Cause::broken);
  EXPECT_EQ(ground_.versions(), "");
}

TEST_P(PostgresqlRunnerTest, DoesNotGuessWhatBecameOfALostConnection) {
  const auto error = error_of([&] { runner().apply(migration(1, "select pg_terminate_backend(pg_backend_pid());")); });
  EXPECT_EQ(error.cause(), Cause::lost);
  EXPECT_EQ(error.code(), ExitCode::unknown);
}

TEST_P(PostgresqlRunnerTest, FollowsTheSearchPathOfTheUrl) {
  ground_.execute("create schema s");
  const auto database = database::connect(database::parse_address(ground_.url() + "?search_path=s,public"), 5s);
  dbmate.history.prepare(*database, Engine::postgresql);
  EXPECT_EQ(ground_.ask("select count(*) from s.schema_migrations"), "0");
}

}  // namespace
}  // namespace baton::migrate
