// Which files are migrations, in which order, and what is refused before anything is touched.
#include "tools/migrate/folder.h"

#include <gtest/gtest.h>

#include "tests/migrate/ground.h"

namespace baton::migrate {
namespace {

using database::Engine;
using test::up_and_down;

class FolderTest : public testing::Test {
 protected:
  void add(const std::string& name, const std::string& text = up_and_down("select 1;", "")) {
    write_file(folder_.path() / name, text);
  }

  std::string refusal(const std::string& text) {
    add("1_a.sql", text);
    const auto files = list_migrations(dbmate, folder_.path());
    try {
      load_migration(dbmate, files.at(0), Engine::sqlite);
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ExitCode::usage);
      return std::string(error.what()).substr(folder_.path().string().size() + 1);
    }
    return "";
  }

  TempFolder folder_;
};

TEST_F(FolderTest, OrdersByFileNameBytewise) {
  for (const auto* name : {"2_b.sql", "10_a.sql", "1_z.sql", "notes.txt", "sub/3_c.sql"}) add(name);
  std::vector<std::string> names;
  for (const auto& file : list_migrations(dbmate, folder_.path())) names.push_back(file.name);
  EXPECT_EQ(names, (std::vector<std::string>{"10_a.sql", "1_z.sql", "2_b.sql"}));
}

TEST_F(FolderTest, TakesVersionsAsText) {
  add("01_a.sql");
  add("1_b.sql");
  const auto files = list_migrations(dbmate, folder_.path());
  EXPECT_EQ(pending_of(files, {"1"}).at(0).version, "01");
}

TEST_F(FolderTest, RefusesAVersionThatTwoFilesHave) {
  add("1_a.sql");
  add("1_b.sql");
  EXPECT_THROW(list_migrations(dbmate, folder_.path()), Error);
}

TEST_F(FolderTest, RefusesAFolderWithoutMigrations) {
  add("notes.txt");
  EXPECT_THROW(list_migrations(dbmate, folder_.path()), Error);
  EXPECT_THROW(list_migrations(dbmate, folder_.path() / "nope"), Error);
}

TEST_F(FolderTest, RefusesToRunWithoutATransaction) {
  EXPECT_EQ(refusal("\n-- migrate:up transaction:false\nselect 1;\n-- migrate:down\n"),
            "1_a.sql:2: 'transaction:false' is not available in this version");
}

TEST_F(FolderTest, RefusesTransactionsInside) {
  EXPECT_EQ(refusal(up_and_down("select 1;\n  commit;\nselect 2;", "")),
            "1_a.sql:3: 'commit' would begin or end a transaction of its own");
  EXPECT_EQ(refusal(up_and_down("select 1;", "begin;")),
            "1_a.sql:4: 'begin' would begin or end a transaction of its own");
}

TEST_F(FolderTest, RefusesANulByte) {
  EXPECT_EQ(refusal(up_and_down(std::string("select 1;\n\0", 11), "")), "1_a.sql:3: the file holds a NUL byte");
}

TEST_F(FolderTest, DigestsNamesAndContents) {
  add("1_a.sql");
  const auto digest = [&] { return digest_of(list_migrations(dbmate, folder_.path())); };
  const auto before = digest();
  EXPECT_EQ(digest(), before);
  add("1_a.sql", up_and_down("select 2;", ""));
  const auto edited = digest();
  EXPECT_NE(edited, before);
  fs::rename(folder_.path() / "1_a.sql", folder_.path() / "1_b.sql");
  EXPECT_NE(digest(), edited);
}

}  // namespace
}  // namespace baton::migrate
