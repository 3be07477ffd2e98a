// The database and the disk are asked what an earlier run has left, not its file.
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

using AgainTest = test::ToolScene;
INSTANTIATE_TEST_SUITE_P(, AgainTest, testing::Values(Engine::sqlite, Engine::postgresql), test::engine_name);

TEST_P(AgainTest, AppliesAgainWhatWasReverted) {
  ground_.add(1, "users", up_and_down("create table users (id int);", "drop table users;"));
  ground_.add(2, "more", up_and_down("create table more (id int);", "drop table more;"));
  ASSERT_EQ(up().exit_code, 0);
  ASSERT_EQ(ground_.run({"down", "--standalone", "--release", "v1.6.0"}).exit_code, 0);
  EXPECT_FALSE(fs::exists(ground_.path() / ".baton/migrate.json"));
  EXPECT_TRUE(fs::exists(ground_.path() / ".baton/migrate.1.json"));
  EXPECT_EQ(up().exit_code, 0);
  EXPECT_EQ(ground_.versions(), "20250101000001\n20250101000002");
}

TEST_P(AgainTest, LeavesTheHandoffWhereADryRunOnlySaysWhatWouldBeReverted) {
  add_two();
  ASSERT_EQ(up().exit_code, 0);
  ASSERT_EQ(ground_.run({"down", "--standalone", "--dry-run"}).exit_code, 0);
  EXPECT_TRUE(fs::exists(ground_.path() / ".baton/migrate.json"));
}

TEST_P(AgainTest, LooksBeforeItSaysThatItIsDone) {
  add_two();
  ASSERT_EQ(up().exit_code, 0);
  const auto before = read_file(ground_.path() / ".baton/migrate.json");
  const auto again = up();
  EXPECT_EQ(again.exit_code, 0);
  EXPECT_NE(again.output.find("nothing was done again"), std::string::npos) << again.output;
  EXPECT_EQ(read_file(ground_.path() / ".baton/migrate.json"), before);
  // As after a restore of a backup.
  ground_.execute("drop table users");
  ground_.execute("delete from schema_migrations");
  EXPECT_EQ(up().exit_code, 0);
  EXPECT_EQ(ground_.versions(), "20250101000001\n20250101000002");
  EXPECT_EQ(ground_.ask("select count(email) from users"), "0");
}

TEST_P(AgainTest, AnswersADryRunByLooking) {
  add_two();
  ASSERT_EQ(up().exit_code, 0);
  ground_.execute("delete from schema_migrations where version = '20250101000002'");
  const auto result = up({"--dry-run"});
  EXPECT_NE(result.output.find("Pending: db/migrations/20250101000002_email.sql"), std::string::npos) << result.output;
  EXPECT_EQ(up({"--set", "database.migrations=nowhere"}).exit_code, 2);
}

TEST_P(AgainTest, IsNotDoneOnAnotherDatabase) {
  add_two();
  ASSERT_EQ(up().exit_code, 0);
  const Ground other(GetParam());
  const auto result = ground_.run({"up", "--standalone", "--release", "v1.6.0"}, {{"DATABASE_URL", other.url()}});
  EXPECT_EQ(result.exit_code, 0) << result.error;
  EXPECT_EQ(other.versions(), "20250101000001\n20250101000002");
  EXPECT_EQ(ground_.handoff()["state"]["applied"].size(), 2U);
}

TEST_P(AgainTest, IsNotDoneUnderAnotherConfiguration) {
  add_two();
  ASSERT_EQ(up().exit_code, 0);
  const auto result = up({"--set", "migrate.budget=4m"});
  EXPECT_EQ(result.exit_code, 0) << result.error;
  EXPECT_EQ(result.output.find("nothing was done again"), std::string::npos) << result.output;
  EXPECT_EQ(ground_.handoff()["state"]["applied"].size(), 2U);
}

/// A file as an attacker would leave it, made from a true one.
class ForgedTest : public AgainTest {
 protected:
  void forge(Verdict verdict, const std::string& member, const Json& value) {
    const fs::path file = ground_.path() / ".baton/migrate.json";
    Handoff handoff = parse_handoff(read_file(file), "migrate.json");
    handoff.verdict = verdict;
    handoff.expires_at = SystemClock().now() + std::chrono::hours(9);
    handoff.state[member] = value;
    write_file(file, to_bytes(handoff));
  }
};
INSTANTIATE_TEST_SUITE_P(, ForgedTest, testing::Values(Engine::sqlite, Engine::postgresql), test::engine_name);

TEST_P(ForgedTest, StateMakesNoDatabaseEmptyAndNoFileABackup) {
  add_two();
  ground_.execute("create table old (id int)");
  ground_.add(3, "bad", up_and_down("selec 1;", ""));
  ASSERT_EQ(up({"--set", "migrate.backup=false"}).exit_code, 3);
  ground_.add(3, "bad", up_and_down("select 1;", ""));
  ground_.add(4, "more", up_and_down("select 1;", ""));
  const fs::path foreign = ground_.path() / "foreign";
  write_file(foreign, "no backup");
  forge(Verdict::again, "was_empty", true);
  forge(Verdict::again, "backup",
        Json::object({{"path", foreign.string()},
                      {"sha256", ""},
                      {"size", "1"},
                      {"rung", "read"},
                      {"made_at", to_rfc3339(SystemClock().now())}}));
  EXPECT_EQ(up().exit_code, 0);
  ASSERT_EQ(ground_.backups().size(), 1U);
  const Json backup = ground_.handoff()["state"]["backup"];
  EXPECT_EQ(fs::path(backup["path"].string()).filename(), ground_.backups()[0].filename());
  EXPECT_EQ(read_file(foreign), "no backup");
}

TEST_P(ForgedTest, ProceedIsNoMigration) {
  add_two();
  ASSERT_EQ(up().exit_code, 0);
  ground_.execute("delete from schema_migrations where version = '20250101000002'");
  ground_.execute("alter table users drop column email");
  forge(Verdict::proceed, "applied", Json::array());
  EXPECT_EQ(up().exit_code, 0);
  EXPECT_EQ(ground_.versions(), "20250101000001\n20250101000002");
}

TEST_P(AgainTest, GivesEachDatabaseABackupOfItsOwn) {
  add_two();
  const Ground other(GetParam());
  const std::vector<const Ground*> both = {&ground_, &other};
  for (const auto* ground : both) ground->execute("create table old (id int)");
  for (const auto* ground : both) {
    const std::string dir = (ground->path() / ".b").string();
    const auto result =
        ground_.run({"up", "--standalone", "--release", "v1.6.0", "--dir", dir}, {{"DATABASE_URL", ground->url()}});
    ASSERT_EQ(result.exit_code, 0) << result.error;
    const Json state = parse_json(read_file(ground->path() / ".b/migrate.json"), "m")["predicate"]["state"];
    EXPECT_EQ(state["backup"]["sha256"].string(),
              sha256_hex(read_file(ground_.path() / state["backup"]["path"].string())));
  }
  EXPECT_EQ(ground_.backups().size(), 2U);
}

TEST_P(AgainTest, NeverSaysThatNothingWasTouchedAfterAWrite) {
  ground_.add(1, "users", up_and_down("create table users (id int);", ""));
  ground_.add(2, "odd", up_and_down("alter table schema_migrations add column dirty boolean;", ""));
  const auto result = up();
  EXPECT_EQ(result.exit_code, 3) << result.error;
  EXPECT_EQ(ground_.handoff()["state"]["applied"].size(), 2U);
}

}  // namespace
}  // namespace baton::migrate
