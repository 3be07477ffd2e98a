// The real executable in a folder that only dbmate knew.
#include <gtest/gtest.h>

#include "common/config/sections/handoff.h"
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

using ToolTest = test::ToolScene;
INSTANTIATE_TEST_SUITE_P(, ToolTest, testing::Values(Engine::sqlite, Engine::postgresql),
                         [](const auto& engine) { return engine.param == Engine::sqlite ? "Sqlite" : "Postgresql"; });

TEST_P(ToolTest, AppliesWhatIsPending) {
  add_two();
  const auto result = up();
  EXPECT_EQ(result.exit_code, 0) << result.error;
  EXPECT_EQ(ground_.versions(), "20250101000001\n20250101000002");
  const Json handoff = ground_.handoff();
  const Json& state = handoff["state"];
  EXPECT_EQ(handoff["verdict"].string(), "proceed");
  EXPECT_EQ(state["applied"].size(), 2U);
  EXPECT_EQ(state["applied"].items()[0]["file"].string(), "20250101000001_users.sql");
  EXPECT_TRUE(state["applied"].items()[0]["reversible"].boolean());
  EXPECT_FALSE(state["applied"].items()[1]["reversible"].boolean());
  EXPECT_FALSE(state["reversible"].boolean());
  EXPECT_EQ(state["old_release_compatible"].string(), "unknown");
  EXPECT_EQ(handoff["targets"].items().at(0)["database"].string(), database::parse_address(ground_.url()).identity);
}

TEST_P(ToolTest, BacksUpBeforeItChangesADatabase) {
  add_two();
  ASSERT_EQ(up().exit_code, 0);
  ground_.add(3, "more", up_and_down("drop table users;", ""));
  const auto result = up();
  ASSERT_EQ(result.exit_code, 0) << result.error;
  const Json backup = ground_.handoff()["state"]["backup"];
  EXPECT_TRUE(backup["path"].string().starts_with(".baton-backup/backup-pre-v1.6.0-"));
  EXPECT_EQ(backup["sha256"].string(), sha256_hex(read_file(ground_.path() / backup["path"].string())));
  EXPECT_EQ(backup["rung"].string(), "read");
  EXPECT_EQ(finding("database-backup")["outcome"].string(), "pass");
  EXPECT_NE(log().find("] Database backup created (size: "), std::string::npos);
  EXPECT_NE(log().find("] Database migrations started\n"), std::string::npos);
  EXPECT_NE(log().find("] Database migrations completed (duration: "), std::string::npos);
}

TEST_P(ToolTest, MakesNoBackupWhenNothingIsPending) {
  add_two();
  ASSERT_EQ(up().exit_code, 0);
  const auto before = ground_.backups().size();
  fs::remove_all(ground_.path() / ".baton");
  EXPECT_EQ(up().exit_code, 0);
  EXPECT_EQ(ground_.backups().size(), before);
  EXPECT_EQ(finding("database-backup")["message"].string(), "nothing was pending");
  EXPECT_EQ(finding("migrations-applied")["outcome"].string(), "pass");
}

TEST_P(ToolTest, KeepsEarlierMigrationsWhenOneFails) {
  add_two();
  ground_.add(3, "bad", up_and_down("create table c (id int);\ninsert into nope values (1);", ""));
  ground_.add(4, "later", up_and_down("create table d (id int);", ""));
  const auto result = up();
  EXPECT_EQ(result.exit_code, 3);
  EXPECT_NE(result.output.find("db/migrations/20250101000003_bad.sql:3:"), std::string::npos) << result.output;
  EXPECT_NE(result.output.find(GetParam() == Engine::sqlite ? "SQLite code 1" : "SQLSTATE 42P01"), std::string::npos);
  EXPECT_NE(result.output.find("Stop the deployment"), std::string::npos);
  EXPECT_EQ(ground_.versions(), "20250101000001\n20250101000002");
  const Json state = ground_.handoff()["state"];
  EXPECT_EQ(state["applied"].size(), 2U);
  EXPECT_EQ(state["pending"].size(), 2U);
}

TEST_P(ToolTest, GoesOnAfterTheFailedMigrationWasCorrected) {
  add_two();
  ground_.add(3, "bad", up_and_down("selec 1;", ""));
  ASSERT_EQ(up().exit_code, 3);
  ground_.add(3, "bad", up_and_down("select 1;", ""));
  EXPECT_EQ(up().exit_code, 0);
  EXPECT_EQ(ground_.versions(), "20250101000001\n20250101000002\n20250101000003");
}

TEST_P(ToolTest, CancelsAMigrationThatTakesLongerThanTheBudget) {
  ground_.add(1, "slow", up_and_down(test::endless(GetParam()), ""));
  const auto result = up({"--set", "migrate.budget=1s"});
  EXPECT_EQ(result.exit_code, 3) << result.error;
  EXPECT_NE(result.output.find("Migration Too Slow"), std::string::npos);
  EXPECT_NE(result.output.find("EXPLAIN ANALYZE"), std::string::npos);
  EXPECT_EQ(ground_.versions(), "");
}

TEST_P(ToolTest, LeavesNothingHalfDoneWhenItIsStopped) {
  ground_.add(1, "first", up_and_down("create table a (id int);", ""));
  ground_.add(2, "slow", up_and_down(test::endless(GetParam()), ""));
  // Long enough for the first one on a busy machine under a sanitizer; the second one never ends.
  const auto result = run_process({.argv = {"timeout", "--preserve-status", "--signal=TERM", "5",
                                            test::executable().string(), "up", "--standalone", "--release", "v1.6.0"},
                                   .environment = {{"DATABASE_URL", ground_.url()}},
                                   .folder = ground_.path()});
  EXPECT_EQ(result.exit_code, 143) << result.output << result.error;
  EXPECT_EQ(ground_.versions(), "20250101000001");
  EXPECT_EQ(ground_.handoff()["verdict"].string(), "again");
  ground_.add(2, "slow", up_and_down("select 1;", ""));
  EXPECT_EQ(up().exit_code, 0);
}

TEST_P(ToolTest, LooksAtTheHistoryOfAnotherToolTheSameWayEverywhere) {
  add_two();
  up();
  ground_.ask("alter table schema_migrations add column dirty boolean");
  const std::vector<std::vector<std::string>> verbs = {
      {"status"}, {"up", "--release", "v1.6.1"}, {"up", "--release", "v1.6.1", "--dry-run"}, {"down"}};
  for (auto arguments : verbs) {
    arguments.emplace_back("--standalone");
    const auto result = ground_.run(arguments);
    EXPECT_EQ(result.exit_code, 2) << result.error;
    EXPECT_NE(result.error.find("schema_migrations is not dbmate's: it has the columns version, dirty"),
              std::string::npos)
        << result.error;
  }
}

TEST_P(ToolTest, RevertsTheNewestOnly) {
  add_two();
  up();
  EXPECT_EQ(ground_.run({"down", "--standalone"}).exit_code, 0);
  EXPECT_EQ(ground_.versions(), "20250101000001");
  EXPECT_EQ(ground_.run({"down", "--standalone"}).exit_code, 0);
  EXPECT_EQ(ground_.versions(), "");
  EXPECT_EQ(ground_.run({"down", "--standalone"}).exit_code, 2);
}

TEST_P(ToolTest, TouchesNothingInADryRun) {
  add_two();
  const auto result = up({"--dry-run"});
  EXPECT_EQ(result.exit_code, 0) << result.error;
  EXPECT_NE(result.output.find("Pending: db/migrations/20250101000001_users.sql"), std::string::npos);
  EXPECT_EQ(ground_.run({"status", "--standalone"}).output.find("[X]"), std::string::npos);
  EXPECT_FALSE(fs::exists(ground_.path() / ".baton"));
  EXPECT_FALSE(fs::exists(ground_.path() / "app.db"));
}

TEST_P(ToolTest, ChecksEveryPendingFileBeforeTheFirstIsRun) {
  add_two();
  ground_.add(3, "bad", "-- migrate:up\nselect 1;\n");
  const auto result = up();
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_NE(result.error.find("20250101000003_bad.sql:1: "), std::string::npos) << result.error;
  EXPECT_EQ(ground_.run({"status", "--standalone"}).output.find("[X]"), std::string::npos);
}

TEST_P(ToolTest, LeavesAppliedFilesAlone) {
  add_two();
  up();
  ground_.add(1, "users", "-- migrate:up transaction:false\nthis is no more SQL\n");
  ground_.add(3, "more", up_and_down("select 1;", ""));
  EXPECT_EQ(up().exit_code, 0);
}

TEST_P(ToolTest, RefusesToPutBackupsWhereCiUploadsThem) {
  add_two();
  const auto result = up({"--set", "migrate.backup_dir=.baton/backups"});
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_NE(result.error.find("which CI uploads"), std::string::npos) << result.error;
}

// Each host's name for the workspace that it clears.
TEST_P(ToolTest, SaysBeforehandThatABackupInAJobsWorkspaceIsLost) {
  const std::map<std::string, std::string> hosts = {{"gitlab", "CI_PROJECT_DIR"}, {"github", "GITHUB_WORKSPACE"}};
  add_two();
  ground_.execute("create table there (id int);");
  for (const auto& [host, variable] : hosts) {
    const std::map<std::string, std::string> job = {{variable, ground_.path().string()}};
    const auto strict = up({"--ci", host, "--strict"}, job);
    EXPECT_EQ(strict.exit_code, 2) << host;
    EXPECT_NE(strict.error.find("lies in the job's workspace, which the host clears"), std::string::npos)
        << strict.error;
    EXPECT_TRUE(ground_.backups().empty()) << host;
  }
  const auto result = up({"--ci", "gitlab"}, {{"CI_PROJECT_DIR", ground_.path().string()}});
  EXPECT_EQ(result.exit_code, 0) << result.error;
  EXPECT_LT(result.error.find("lies in the job's workspace"), result.error.find("applying")) << result.error;
  EXPECT_EQ(finding("database-backup")["outcome"].string(), "warn");
  EXPECT_EQ(ground_.handoff()["verdict"].string(), "caution");
}

TEST_P(ToolTest, IsContentWithABackupOutsideOfAJobsWorkspace) {
  const TempFolder elsewhere;
  add_two();
  ground_.execute("create table there (id int);");
  const auto result = up({"--ci", "github", "--strict", "--set", "migrate.backup_dir=" + elsewhere.path().string()},
                         {{"GITHUB_WORKSPACE", ground_.path().string()}});
  EXPECT_EQ(result.exit_code, 0) << result.error;
  EXPECT_EQ(finding("database-backup")["outcome"].string(), "pass");
}

TEST_P(ToolTest, WorksOnTheImageThatPrecheckApproved) {
  add_two();
  const auto now = SystemClock().now();
  const Handoff precheck{.step = "precheck",
                         .subject = {.name = "registry/shop:v1.6.0", .sha256 = std::string(64, 'a')},
                         .release = {.app = "shop", .version = "v1.6.0", .environment = "production", .id = "id-1"},
                         .targets = {{.database = database::parse_address(ground_.url()).identity}},
                         .verdict = Verdict::proceed,
                         .tool_name = "baton-precheck",
                         .tool_version = "1",
                         .started_at = now,
                         .finished_at = now,
                         .expires_at = now + std::chrono::hours(1)};
  write_file(ground_.path() / ".baton/precheck.json", to_bytes(precheck));
  write_file(ground_.path() / "baton.yaml", "app: shop\nimage: registry/shop\ndatabase: {url: \"${DATABASE_URL}\"}\n");
  if (GetParam() == Engine::sqlite) write_file(ground_.path() / "app.db", "");
  const auto result = ground_.run({"up", "--release", "v1.6.0"});
  EXPECT_EQ(result.exit_code, 0) << result.error;
  EXPECT_EQ(ground_.handoff()["release"]["id"].string(), "id-1");
  const Json statement = parse_json(read_file(ground_.path() / ".baton/migrate.json"), "migrate.json");
  EXPECT_EQ(statement["subject"].items()[0]["digest"]["sha256"].string(), std::string(64, 'a'));
}

TEST_P(ToolTest, NeverPrintsThePassword) {
  add_two();
  ground_.add(3, "bad", up_and_down("selec 1;", ""));
  const auto result = up({"--log-level", "debug"});
  const std::string all = result.output + result.error + read_file(ground_.path() / ".baton/migrate.json");
  EXPECT_EQ(all.find("s3:cr"), std::string::npos);
  EXPECT_EQ(all.find(percent_encode(baton::test::PostgresServer::kPassword)), std::string::npos);
}

TEST(ToolLockTest, ComesBackLaterWhenAnotherRunHoldsTheLock) {
  const Ground ground(Engine::postgresql);
  ground.add(1, "a", up_and_down("select 1;", ""));
  const auto holder = database::connect(database::parse_address(ground.url()), std::chrono::seconds(5));
  holder->query("select pg_advisory_lock(422541815662)");
  const auto result = ground.run({"up", "--standalone", "--set", "migrate.budget=1s"});
  EXPECT_EQ(result.exit_code, 75) << result.error;
  EXPECT_NE(result.output.find("Run again at "), std::string::npos) << result.output;
  EXPECT_NE(
      ground.handoff()["findings"].items()[0]["message"].string().find("holds the database's lock: server process"),
      std::string::npos);
}

TEST(ToolUsageTest, NamesVerbsOfLaterVersions) {
  const Ground ground(Engine::sqlite);
  ground.add(1, "a", up_and_down("select 1;", ""));
  for (const auto* verb : {"plan", "rehearse", "backup", "verify-backup", "restore", "verify", "run"}) {
    const auto result = ground.run({verb, "--standalone"});
    EXPECT_EQ(result.exit_code, 2) << verb;
    EXPECT_NE(result.error.find(std::string("'") + verb + "' is not available in this version"), std::string::npos)
        << result.error;
  }
}

TEST(ToolUsageTest, CannotLookAtADatabaseThatIsAway) {
  const Ground ground(Engine::sqlite);
  ground.add(1, "a", up_and_down("select 1;", ""));
  write_file(ground.path() / "baton.yaml", "app: shop\ndatabase: {url: \"${DATABASE_URL}\"}\n");
  const std::string server = "postgresql://a:s3%20cr'et@127.0.0.1:" + std::to_string(baton::test::free_port()) + "/x";
  for (const std::string& url : {std::string("sqlite:away.db"), server}) {
    const auto result = ground.run({"status"}, {{"DATABASE_URL", url}});
    EXPECT_EQ(result.exit_code, 6) << result.error;
    EXPECT_NE(result.error.find("cannot reach the database '"), std::string::npos) << result.error;
    EXPECT_EQ((result.output + result.error).find("s3"), std::string::npos) << result.error;
  }
  EXPECT_FALSE(fs::exists(ground.path() / "away.db"));
}

TEST(ToolUsageTest, TakesDatabaseUrlOnlyStandalone) {
  const Ground ground(Engine::sqlite);
  ground.add(1, "a", up_and_down("select 1;", ""));
  write_file(ground.path() / "baton.yaml", "app: shop\n");
  EXPECT_EQ(ground.run({"status"}).exit_code, 2);
  EXPECT_EQ(ground.run({"status", "--standalone"}).exit_code, 0);
}

}  // namespace
}  // namespace baton::migrate
