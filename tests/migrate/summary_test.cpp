// What the verbs print for people, on both engines.
#include <gtest/gtest.h>

#include <regex>

#include "common/core/text.h"
#include "tests/migrate/ground.h"

namespace baton::migrate {
namespace {

using database::Engine;
using test::up_and_down;

class SummaryTest : public testing::TestWithParam<Engine> {
 protected:
  void add_two() {
    ground_.add(1, "users", up_and_down("create table users (id int);", "drop table users;"));
    ground_.add(2, "email", up_and_down("alter table users add column email text;", ""));
  }
  /// Of a deployment of its own each time.
  ProcessResult up(std::vector<std::string> more = {}) {
    fs::remove_all(ground_.path() / ".baton");
    more.insert(more.begin(), {"up", "--standalone", "--release", "v1.6.0"});
    return ground_.run(more);
  }
  /// The lines that `up` prints about migrations and backups; times, sizes and digests as "…".
  static std::string lines_of(const ProcessResult& result) {
    std::string lines;
    for (const auto& line : split(result.output, '\n')) {
      const bool is_ours = std::regex_search(line, std::regex("^(Applied|Pending|Backup|Nothing)\\b"));
      if (is_ours) lines += line + "\n";
    }
    const std::regex changing(
        " in [0-9].*|[\\w.]+-[0-9a-f]{8}-[0-9]{14}(-2)?(?=\\.(sqlite3|dump))|[0-9.]+ k?B(?=,)|[0-9a-f]{64}");
    return std::regex_replace(lines, changing, "…");
  }

  test::Ground ground_{GetParam()};
};

INSTANTIATE_TEST_SUITE_P(, SummaryTest, testing::Values(Engine::sqlite, Engine::postgresql),
                         [](const auto& engine) { return engine.param == Engine::sqlite ? "Sqlite" : "Postgresql"; });

TEST_P(SummaryTest, PrintsStatusAsDbmateDoes) {
  add_two();
  EXPECT_EQ(ground_.run({"status", "--standalone"}).output,
            "[ ] 20250101000001_users.sql\n[ ] 20250101000002_email.sql\n\nApplied: 0\nPending: 2\n");
  up();
  ground_.add(3, "more", up_and_down("select 1;", ""));
  fs::remove(ground_.migrations() / "20250101000001_users.sql");
  EXPECT_EQ(ground_.run({"status", "--standalone"}).output,
            "[X] 20250101000002_email.sql\n[ ] 20250101000003_more.sql\n[X] 20250101000001 (no file)\n\nApplied: "
            "2\nPending: 1\n");
}

TEST_P(SummaryTest, SaysWhatItApplied) {
  add_two();
  up();
  ground_.add(3, "more", up_and_down("drop table users;", ""));
  const std::string ending = GetParam() == Engine::sqlite ? "sqlite3" : "dump";
  EXPECT_EQ(lines_of(up()),
            "Applied: 20250101000003_more.sql…\n"
            "Backup: .baton-backup/backup-pre-v1.6.0-…." +
                ending + " (…, read back, sha256 …)\n");
}

TEST_P(SummaryTest, SaysThatNothingIsPending) {
  add_two();
  up();
  EXPECT_EQ(lines_of(up()), "Nothing is pending.\n");
}

TEST_P(SummaryTest, SaysWhatIsLeftWhenOneFails) {
  add_two();
  ground_.add(3, "bad", up_and_down("selec 1;", ""));
  ground_.add(4, "later", up_and_down("select 1;", ""));
  const auto result = up({"--set", "migrate.backup=false"});
  EXPECT_EQ(lines_of(result),
            "Applied: 20250101000001_users.sql…\nApplied: 20250101000002_email.sql…\n"
            "Pending: db/migrations/20250101000003_bad.sql\nPending: db/migrations/20250101000004_later.sql\n");
}

TEST_P(SummaryTest, SaysWhatADryRunWouldApply) {
  add_two();
  EXPECT_EQ(lines_of(up({"--dry-run"})),
            "Pending: db/migrations/20250101000001_users.sql\nPending: db/migrations/20250101000002_email.sql\n");
}

TEST_P(SummaryTest, SaysWhatItReverted) {
  add_two();
  up();
  const auto dry = ground_.run({"down", "--standalone", "--dry-run"});
  EXPECT_TRUE(dry.output.starts_with("Would revert: 20250101000002_email.sql\n")) << dry.output;
  const auto reverted = ground_.run({"down", "--standalone"});
  EXPECT_TRUE(reverted.output.starts_with("Reverted: 20250101000002_email.sql in ")) << reverted.output;
}

}  // namespace
}  // namespace baton::migrate
