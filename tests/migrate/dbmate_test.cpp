// dbmate's files, read as dbmate reads them.
#include "tools/migrate/formats/dbmate.h"

#include <gtest/gtest.h>

namespace baton::migrate {
namespace {

std::string error_of(std::string_view text) {
  try {
    parse_dbmate(text, "m.sql");
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ExitCode::usage);
    EXPECT_FALSE(error.hint().empty());
    return error.what();
  }
  return "";
}

std::string sql_of(const std::vector<Script>& scripts) {
  std::string text;
  for (const auto& script : scripts) text += std::to_string(script.line) + "<" + script.sql + ">";
  return text;
}

TEST(DbmateTest, TakesTheLeadingDigitsAsTheVersion) {
  EXPECT_EQ(dbmate_version("20250101_users.sql"), "20250101");
  EXPECT_EQ(dbmate_version("007.sql"), "007");
  EXPECT_EQ(dbmate_version("1users.sql"), "1");
}

TEST(DbmateTest, LeavesOtherFilesAlone) {
  for (const auto* name : {"users.sql", "_1.sql", "1_users.sql.bak", "1_users.SQL", "1_users", ".sql", ""}) {
    EXPECT_EQ(dbmate_version(name), std::nullopt) << name;
  }
}

TEST(DbmateTest, SplitsUpAndDown) {
  const auto migration = parse_dbmate("-- a note\n\n-- migrate:up\nA;\nB;\n--migrate:down\nC;\n", "m.sql");
  EXPECT_EQ(sql_of(migration.up), "3<-- migrate:up\nA;\nB;\n>");
  EXPECT_EQ(sql_of(migration.down), "6<--migrate:down\nC;\n>");
  EXPECT_TRUE(migration.up[0].is_transactional);
}

TEST(DbmateTest, TakesWindowsLineEndsAndAByteOrderMark) {
  const auto migration = parse_dbmate("\xEF\xBB\xBF-- migrate:up\r\nA;\r\n-- migrate:down\r\n", "m.sql");
  EXPECT_EQ(sql_of(migration.up), "1<-- migrate:up\r\nA;\r\n>");
}

TEST(DbmateTest, UndoesTheNewestSectionFirst) {
  const auto migration =
      parse_dbmate("-- migrate:up\nA\n-- migrate:down\nB\n-- migrate:up\nC\n-- migrate:down\nD\n", "m.sql");
  EXPECT_EQ(sql_of(migration.up), "1<-- migrate:up\nA\n>5<-- migrate:up\nC\n>");
  EXPECT_EQ(sql_of(migration.down), "7<-- migrate:down\nD\n>3<-- migrate:down\nB\n>");
}

TEST(DbmateTest, SeesDirectivesInTheFirstColumnOnly) {
  const auto migration =
      parse_dbmate("-- migrate:up\n -- migrate:down\n-- migrate:upgrade\n--  \tmigrate:down\nC", "m.sql");
  EXPECT_EQ(sql_of(migration.down), "4<--  \tmigrate:down\nC>");
}

TEST(DbmateTest, ReadsTransactionFalseForEachBlock) {
  const auto migration =
      parse_dbmate("-- migrate:up x:y transaction:false\r\n-- migrate:down transaction:true", "m.sql");
  EXPECT_FALSE(migration.up[0].is_transactional);
  EXPECT_TRUE(migration.down[0].is_transactional);
}

TEST(DbmateTest, IgnoresOptionsThatDbmateIgnores) {
  const auto migration =
      parse_dbmate("-- migrate:up transaction transaction:false:x transaction: false\n-- migrate:down", "m.sql");
  EXPECT_TRUE(migration.up[0].is_transactional);
}

TEST(DbmateTest, NamesFileAndLineOfWhatIsWrong) {
  EXPECT_EQ(error_of(""), "m.sql:1: no '-- migrate:up' line");
  EXPECT_EQ(error_of("-- a\nselect 1;\n-- migrate:up\n"),
            "m.sql:2: a statement stands before the first '-- migrate:up' line");
  EXPECT_EQ(error_of("/* a */\n-- migrate:up\n-- migrate:down"),
            "m.sql:1: a statement stands before the first '-- migrate:up' line");
  EXPECT_EQ(error_of("\n-- migrate:down\n-- migrate:up\n"),
            "m.sql:2: '-- migrate:down' has no '-- migrate:up' before it");
  EXPECT_EQ(error_of("-- migrate:up\nA\n"), "m.sql:1: this up block has no '-- migrate:down' block");
  EXPECT_EQ(error_of("-- migrate:up\n-- migrate:up\n-- migrate:down"),
            "m.sql:2: '-- migrate:up' follows an up block that has no '-- migrate:down'");
}

}  // namespace
}  // namespace baton::migrate
