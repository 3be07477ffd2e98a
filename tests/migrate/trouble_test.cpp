// What a person is told fits the cause, and nothing is left behind that was not said.
#include <gtest/gtest.h>

#include "common/core/digest.h"
#include "common/core/text.h"
#include "common/handoff/handoff.h"
#include "common/io/clock.h"
#include "tests/migrate/tool_scene.h"
#include "tests/support/postgres.h"

namespace baton::migrate {
namespace {

using database::Engine;
using test::Ground;
using test::up_and_down;

TEST(TroubleTest, SaysThatAnotherProgramHoldsAnSqliteFile) {
  const Ground ground(Engine::sqlite);
  ground.add(1, "a", up_and_down("select 1;", ""));
  ground.execute("create table old (id int)");
  const auto writer = database::connect(database::parse_address(ground.url()), std::chrono::seconds(5));
  for (const auto* begin : {"begin immediate", "begin exclusive"}) {
    writer->execute(begin);
    const auto result = ground.run({"up", "--standalone", "--set", "migrate.budget=1s"});
    EXPECT_EQ(result.exit_code, 75) << result.error << result.output;
    EXPECT_NE(result.output.find("Run again at "), std::string::npos) << result.output;
    EXPECT_EQ(result.output.find("Nothing is pending"), std::string::npos) << result.output;
    EXPECT_EQ(result.output.find("correct the SQL"), std::string::npos) << result.output;
    writer->execute("rollback");
  }
  EXPECT_EQ(ground.run({"up", "--standalone"}).exit_code, 0);
}

TEST(TroubleTest, FindsAReadOnlyServerBeforeTheBackup) {
  const Ground ground(Engine::postgresql);
  ground.add(1, "a", up_and_down("select 1;", ""));
  const std::string name = database::parse_address(ground.url()).name;
  ground.execute("alter database \"" + name + "\" set default_transaction_read_only = on");
  const auto result = ground.run({"up", "--standalone"});
  EXPECT_EQ(result.exit_code, 3) << result.error;
  EXPECT_NE(result.output.find("is read-only"), std::string::npos) << result.output;
  EXPECT_NE(result.output.find("a standby takes no writes"), std::string::npos) << result.output;
  EXPECT_EQ(result.output.find("correct the SQL"), std::string::npos) << result.output;
  EXPECT_TRUE(ground.backups().empty());
}

TEST(TroubleTest, DoesNotClaimThatNothingIsPendingWhereItCouldNotRead) {
  const Ground ground(Engine::postgresql);
  ground.add(1, "a", up_and_down("select 1;", ""));
  const std::string role = "blind_" + random_hex(4);
  ground.execute("create table schema_migrations (version varchar primary key); create role " + role +
                 " login password 'x'; alter database \"" + database::parse_address(ground.url()).name +
                 "\" set role to " + role);
  const auto result = ground.run({"up", "--standalone"});
  EXPECT_EQ(result.exit_code, 3) << result.error;
  EXPECT_TRUE(result.output.find("What is pending is not known.") != std::string::npos) << result.output;
  EXPECT_EQ(result.output.find("Nothing is pending"), std::string::npos) << result.output;
  EXPECT_EQ(result.output.find("correct the SQL"), std::string::npos) << result.output;
}

TEST(TroubleTest, MakesNoFileForABadMigration) {
  const Ground ground(Engine::sqlite);
  ground.add(1, "a", "-- migrate:up\nbegin;\n-- migrate:down\n");
  EXPECT_EQ(ground.run({"up", "--standalone"}).exit_code, 2);
  ground.add(1, "a", up_and_down("select 1;", ""));
  EXPECT_EQ(ground.run({"up", "--standalone", "--set", "migrate.backup_dir=.baton/b"}).exit_code, 2);
  EXPECT_FALSE(fs::exists(ground.path() / "app.db"));
}

TEST(TroubleTest, LeavesNothingOfABackupThatFails) {
  const Ground ground(Engine::sqlite);
  ground.add(1, "a", up_and_down("select 1;", ""));
  ground.execute(
      "create table old (x text); with recursive n(i) as (select 1 union all select i + 1 from n where i < 20000) "
      "insert into old select hex(zeroblob(100)) from n");
  // No file may grow over 1 MB: what a full disk looks like to a copy. The thread sanitizer needs half of it for
  // itself.
  const auto result = run_process({.argv = {"sh", "-c", "trap '' XFSZ; ulimit -f 2048; exec \"$0\" \"$@\"",
                                            test::executable().string(), "up", "--standalone"},
                                   .environment = {{"DATABASE_URL", ground.url()}},
                                   .folder = ground.path()});
  EXPECT_EQ(result.exit_code, 3) << result.error << result.output;
  EXPECT_EQ(find_files(ground.path() / ".baton-backup", "*"), std::vector<fs::path>{});
  EXPECT_TRUE(ground.handoff()["state"]["backup"].is_null());
}

}  // namespace
}  // namespace baton::migrate
