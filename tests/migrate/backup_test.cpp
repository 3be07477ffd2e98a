// Backups that can be read back, and programs that can make them.
#include "tools/migrate/backup/backup.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "common/clients/database/postgresql/program.h"
#include "common/core/digest.h"
#include "tests/migrate/ground.h"
#include "tests/support/path_guard.h"

namespace baton::migrate {
namespace {

using namespace std::chrono_literals;
using database::Engine;

class DumpProgramsTest : public testing::Test {
 protected:
  void add(const fs::path& folder, int major) {
    const std::string text = "#!/bin/sh\necho 'pg_dump (PostgreSQL) " + std::to_string(major) + ".3 (Debian)'\n";
    write_file(folder / "pg_dump", text, 0755);
    write_file(folder / "pg_restore", text, 0755);
  }
  std::string refusal(int server) {
    try {
      find_dump_programs(server, packages_);
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ExitCode::usage);
      EXPECT_NE(error.hint().find("postgresql-client-" + std::to_string(server)), std::string::npos) << error.hint();
      return error.what();
    }
    return "";
  }

  TempFolder folder_;
  fs::path packages_ = folder_.path() / "packages";
  fs::path bin_ = folder_.path() / "bin";
  baton::test::PathGuard path_{bin_.string() + ":/usr/bin/nothing"};
};

TEST_F(DumpProgramsTest, PrefersTheOldestThatIsNewEnough) {
  for (const int major : {9, 13, 15, 17}) add(packages_ / std::to_string(major) / "bin", major);
  EXPECT_EQ(find_dump_programs(14, packages_).dump, packages_ / "15/bin/pg_dump");
  EXPECT_EQ(find_dump_programs(15, packages_).restore, packages_ / "15/bin/pg_restore");
}

TEST_F(DumpProgramsTest, TakesTheOnesInPathOtherwise) {
  add(bin_, 16);
  EXPECT_EQ(find_dump_programs(16, packages_).dump, bin_ / "pg_dump");
}

TEST_F(DumpProgramsTest, RefusesOlderOnes) {
  add(packages_ / "14/bin", 14);
  add(bin_, 15);
  EXPECT_EQ(refusal(16), "a backup needs pg_dump 16 or newer, as the server is version 16: '" +
                             (bin_ / "pg_dump").string() + "' is version 15");
}

TEST_F(DumpProgramsTest, NamesThePackageWhenThereIsNone) {
  EXPECT_EQ(refusal(15), "a backup needs pg_dump 15 or newer, as the server is version 15: none is installed");
}

unsigned mode_of(const fs::path& path) {
  struct stat status {};
  ::stat(path.c_str(), &status);
  return status.st_mode & 0777U;
}

class BackupTest : public testing::Test {
 protected:
  Backup make(const test::Ground& ground, const std::string& name) {
    const auto address = database::parse_address(ground.url());
    std::optional<DumpPrograms> programs;
    if (address.engine == Engine::postgresql)
      programs = find_dump_programs(server_major(*database::connect(address, 5s)));
    return make_backup({.address = address, .destination = ground.path() / "backups" / name, .programs = programs})
        .value();
  }
};

TEST_F(BackupTest, DumpsPostgresqlSoThatItCanBeRestored) {
  const test::Ground ground(Engine::postgresql);
  ground.ask("create table t as select generate_series(1, 1000) as id");
  const auto backup = make(ground, "b.dump");
  EXPECT_EQ(backup.rung, "read");
  EXPECT_EQ(backup.sha256, sha256_hex(read_file(backup.path)));
  EXPECT_EQ(backup.size, static_cast<std::int64_t>(fs::file_size(backup.path)));
  EXPECT_EQ(mode_of(backup.path), 0600U);
  EXPECT_EQ(mode_of(ground.path() / "backups"), 0700U);
  const test::Ground other(Engine::postgresql);
  const auto connection = database::program_connection(database::parse_address(other.url()));
  const auto programs = find_dump_programs(15);
  const auto restored =
      run_process({.argv = {programs.restore.string(), "--exit-on-error", "--dbname=" + connection.text, backup.path},
                   .environment = connection.environment});
  EXPECT_EQ(restored.exit_code, 0) << restored.error;
  EXPECT_EQ(other.ask("select count(*) from t"), "1000");
}

TEST_F(BackupTest, LeavesNoFileWhenTheDumpFails) {
  const test::Ground ground(Engine::postgresql);
  auto address = database::parse_address(ground.url() + "_gone");
  const auto destination = ground.path() / "b.dump";
  try {
    make_backup({.address = address, .destination = destination, .programs = find_dump_programs(15)});
    ADD_FAILURE();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ExitCode::stop);
    EXPECT_NE(std::string(error.what()).find("does not exist"), std::string::npos) << error.what();
    EXPECT_EQ(std::string(error.what()).find("s3:"), std::string::npos) << error.what();
  }
  EXPECT_EQ(find_files(ground.path(), "b.dump*"), std::vector<fs::path>{});
}

TEST_F(BackupTest, LeavesNoFileWhenTheCopyFails) {
  const test::Ground ground(Engine::sqlite);
  const auto address = database::parse_address(ground.url());
  write_file(address.path, std::string(4096, 'x'));
  EXPECT_THROW(make_backup({.address = address, .destination = ground.path() / "b.sqlite3"}), Error);
  EXPECT_EQ(find_files(ground.path(), "b.sqlite3*"), std::vector<fs::path>{});
}

TEST_F(BackupTest, NeverReplacesAnother) {
  const test::Ground ground(Engine::sqlite);
  const auto address = database::parse_address(ground.url());
  database::connect(address, 1s, database::IfMissing::create)->execute("create table t (id int)");
  for (const auto* taken : {"a.sqlite3", "b.sqlite3.partial"}) {
    write_file(ground.path() / taken, "another run's");
    const auto name = std::string(taken).substr(0, 9);
    EXPECT_FALSE(make_backup({.address = address, .destination = ground.path() / name}));
    EXPECT_EQ(read_file(ground.path() / taken), "another run's");
  }
}

TEST_F(BackupTest, DoesNotFollowALinkToItsName) {
  const test::Ground ground(Engine::sqlite);
  const auto address = database::parse_address(ground.url());
  database::connect(address, 1s, database::IfMissing::create)->execute("create table t (id int)");
  fs::create_symlink(ground.path() / "victim", ground.path() / "a.sqlite3");
  EXPECT_FALSE(make_backup({.address = address, .destination = ground.path() / "a.sqlite3"}));
  EXPECT_FALSE(fs::exists(ground.path() / "victim"));
}

TEST_F(BackupTest, NeedsRoomForTheWholeDatabase) {
  EXPECT_NO_THROW(check_space(1000, 1000, "backups"));
  try {
    check_space(2'000'001, 2'000'000, "backups");
    ADD_FAILURE();
  } catch (const Error& error) {
    EXPECT_EQ(std::string(error.what()),
              "the backup may need 2 MB (the size of the database), and 'backups' has 2 MB free");
  }
}

TEST_F(BackupTest, CopiesSqlite) {
  const test::Ground ground(Engine::sqlite);
  database::connect(database::parse_address(ground.url()), 1s, database::IfMissing::create)
      ->execute("create table t (id int)");
  const auto backup = make(ground, "b.sqlite3");
  EXPECT_EQ(backup.sha256, sha256_hex(read_file(backup.path)));
  EXPECT_EQ(mode_of(backup.path), 0600U);
}

TEST_F(BackupTest, IsNamedAsTheSopNamesIt) {
  const auto time = *parse_rfc3339("2025-11-04T14:00:00Z");
  const auto shop = database::parse_address("postgresql://app:secret@db.example.com/shop");
  const auto digest = sha256_hex("postgresql://db.example.com:5432/shop").substr(0, 8);
  EXPECT_EQ(backup_name("v1.6.0", shop, time), "backup-pre-v1.6.0-shop-" + digest + "-20251104140000.dump");
  EXPECT_EQ(backup_name("v1.6.0", shop, time, 2), "backup-pre-v1.6.0-shop-" + digest + "-20251104140000-2.dump");
  const auto odd = database::parse_address("sqlite:/srv/a%20b/../my%20app.db");
  EXPECT_EQ(backup_name("release/1.6 x", odd, time),
            "backup-pre-release-1.6-x-my-app.db-" + sha256_hex(odd.identity).substr(0, 8) + "-20251104140000.sqlite3");
  const auto elsewhere = database::parse_address("postgresql://app:secret@other.example.com/shop");
  EXPECT_NE(backup_name("v1.6.0", shop, time), backup_name("v1.6.0", elsewhere, time));
}

}  // namespace
}  // namespace baton::migrate
