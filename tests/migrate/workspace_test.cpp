// Which SQLite file migrate makes.
#include "tools/migrate/workspace.h"

#include <gtest/gtest.h>

#include "tests/support/env_scene.h"
#include "tests/support/refusal.h"

namespace baton::migrate {
namespace {

class WorkspaceTest : public testing::Test {
 protected:
  WorkspaceTest() { write_file(folder.path() / "db" / "1_users.sql", "-- migrate:up\ncreate table u (id int);\n"); }

  ExitCode refusal() {
    return test::error_of([&] { connect(scene.env, find_workspace(scene.env)); }).code();
  }
  void precheck_saw(const std::string& missing) {
    scene.add_step("precheck", Verdict::caution, Json::object({{"database_to_make", missing}}));
  }

  TempFolder folder;
  const std::string file = (folder.path() / "app.db").string();
  test::EnvScene scene{"database: {url: 'sqlite:" + file + "', migrations: '" + (folder.path() / "db").string() + "'}"};
};

TEST_F(WorkspaceTest, AFileThatIsNotThereIsNotMade) {
  EXPECT_EQ(refusal(), ExitCode::unknown);
  EXPECT_FALSE(fs::exists(file));
}

TEST_F(WorkspaceTest, TheOneThatPrecheckSawIsStillToBeMadeIsMade) {
  precheck_saw(file);
  const auto workspace = find_workspace(scene.env);
  EXPECT_TRUE(look_at_history(scene.env, workspace).empty());
  EXPECT_FALSE(fs::exists(file)) << "a look makes none";
  connect(scene.env, workspace);
  EXPECT_TRUE(fs::exists(file));
}

TEST_F(WorkspaceTest, AnotherOneThanPrecheckSawIsNotMade) {
  precheck_saw(file + "x");
  EXPECT_EQ(refusal(), ExitCode::unknown);
  EXPECT_FALSE(fs::exists(file));
}

}  // namespace
}  // namespace baton::migrate
