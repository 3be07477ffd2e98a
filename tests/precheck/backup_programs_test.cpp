// pg_dump beside a real server: older than it, as new, and none at all.
#include "tools/precheck/backup_programs.h"

#include <gtest/gtest.h>

#include "common/clients/database/postgresql/dump_programs.h"
#include "tests/precheck/scene.h"
#include "tests/support/path_guard.h"
#include "tests/support/postgres.h"

namespace baton::precheck {
namespace {

using test::EnvScene;

class BackupProgramsTest : public testing::Test {
 protected:
  static std::string url() { return test::PostgresServer::shared().new_database(); }
  static int server() {
    return database::server_major(*database::connect(database::parse_address(url()), std::chrono::seconds(10)));
  }
  /// What is said where PATH has a pg_dump of this version, and Debian's packages are not there.
  Observation with(int major) const {
    const std::string program = "#!/bin/sh\necho 'pg_dump (PostgreSQL) " + std::to_string(major) + ".3 (Debian)'\n";
    write_file(folder_.path() / "pg_dump", program, 0755);
    write_file(folder_.path() / "pg_restore", program, 0755);
    return without();
  }
  Observation without() const {
    const int major = server();  // it may have to be started, by programs of PATH
    const test::PathGuard path(folder_.path().string());
    return look_for_dump_programs(major, folder_.path() / "packages");
  }

  TempFolder folder_;
};

TEST_F(BackupProgramsTest, AnOlderOneThanTheServerIsToldBeforeAnythingIsMigrated) {
  const auto seen = with(server() - 1);
  EXPECT_EQ(seen.outcome, Outcome::warn);
  EXPECT_NE(seen.message.find("is version " + std::to_string(server() - 1)), std::string::npos) << seen.message;
  ASSERT_FALSE(seen.recovery.empty());
  EXPECT_NE(seen.recovery.front().find("postgresql-client-" + std::to_string(server())), std::string::npos);
}

TEST_F(BackupProgramsTest, OneAsNewAsTheServerPasses) {
  const auto seen = with(server());
  EXPECT_EQ(seen.outcome, Outcome::pass) << seen.message;
  EXPECT_EQ(seen.observed, Measured((folder_.path() / "pg_dump").string()));
}

TEST_F(BackupProgramsTest, NoneAtAllIsUnknown) { EXPECT_EQ(without().outcome, Outcome::unknown); }

TEST_F(BackupProgramsTest, TheCheckLooksAtTheServerThatIsConfigured) {
  EnvScene scene("database: {url: '" + url() + "'}");
  EXPECT_EQ(look_at(scene, "backup-programs").outcome, Outcome::pass);
  EnvScene away("database: {url: 'postgresql://u@127.0.0.1:1/shop'}");
  EXPECT_EQ(look_at(away, "backup-programs").outcome, Outcome::unknown);
  EnvScene without_backup("database: {url: 'postgresql://u@127.0.0.1:1/shop'}\nmigrate: {backup: false}");
  EXPECT_EQ(look_at(without_backup, "backup-programs").outcome, Outcome::pass);
}

}  // namespace
}  // namespace baton::precheck
