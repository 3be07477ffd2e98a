// The committed page of keys is what the table gives.
#include "cmake/pages/configuration.h"

#include <gtest/gtest.h>

#include "common/config/keys.h"
#include "common/io/files.h"
#include "tests/support/places.h"
#include "tests/support/refusal.h"

namespace pages {
namespace {

using baton::test::says;

TEST(ConfigurationTest, TheCommittedPageIsWhatTheTableGives) {
  // Not EXPECT_EQ, which would print both.
  EXPECT_TRUE(configuration_page() == baton::read_file(baton::test::source_folder() / "docs/configuration.md"))
      << "Run baton-pages --configuration > docs/configuration.md after a wanted change.";
}

TEST(ConfigurationTest, HasARowOfSixCellsForEveryKey) {
  const std::string page = configuration_page();
  for (const auto& key : baton::config::keys()) {
    const auto begin = page.find("\n| `" + key.path + "` | ");
    ASSERT_NE(begin, std::string::npos) << key.path;
    std::string row = page.substr(begin + 1, page.find('\n', begin + 1) - begin - 1);
    std::size_t cells = 0;
    for (auto at = row.find(" |"); at != std::string::npos; at = row.find(" |", at + 1)) ++cells;
    EXPECT_EQ(cells, 6U) << row;
  }
}

TEST(ConfigurationTest, SaysFormDefaultExampleAndReaders) {
  const std::string page = configuration_page();
  for (const char* row :
       {"| `app` | Name of the application; required | text |  | `shop` | all |\n",
        "| `switch.soak` | How long the new colour is judged before the switch counts | duration: d, h, m, s, ms | "
        "`5m` | "
        "`10m` | precheck, switch, watch |\n",
        "| `run.ci` | CI host to write outputs for | `auto`, `github`, `gitlab`, `none` | `auto` | `github` | all |\n",
        "| whole number, 1 to 1000000 | `1` | `100` | precheck |\n"}) {
    EXPECT_TRUE(says(page, row)) << row;
  }
}

}  // namespace
}  // namespace pages
