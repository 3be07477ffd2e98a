// Manual pages: what roff would read as its own is text, and the files that are named are the ones that are written.
#include "cmake/pages/manual.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "cmake/pages/files.h"
#include "common/core/text.h"
#include "common/io/files.h"
#include "tests/support/places.h"
#include "tests/support/refusal.h"

namespace pages {
namespace {

using baton::ToolTable;
using baton::test::says;

ToolTable sample() {
  return {.step = "watch",
          .purpose = "Watch it.",
          .options = {{.name = "by", .argument = "WHO", .help = ".hidden 'who' \\fBaccepts\\fR it"}},
          .verbs = {{.name = "run", .help = "Hold"}, {.name = "replay", .help = "Judge again", .arguments = "FILE"}}};
}

TEST(ManualTest, KeepsWhatRoffWouldReadAsItsOwn) {
  EXPECT_EQ(roff("a-b"), "a\\-b");
  EXPECT_EQ(roff("CI's"), "CI\\(aqs");
  EXPECT_EQ(roff("\\fB"), "\\efB");
  EXPECT_EQ(roff(".baton"), "\\&.baton");
  EXPECT_EQ(roff("'baton"), "\\(aqbaton");
  EXPECT_TRUE(says(manual_page(sample(), "2026-11-27"), "\n\\&.hidden \\(aqwho\\(aq \\efBaccepts\\efR it\n"));
}

TEST(ManualTest, HasVerbsFlagsVariablesAndCodes) {
  const std::string page = manual_page(sample(), "2026-11-27");
  for (const char* part : {".TH BATON\\-WATCH 1 2026-11-27 ", "baton\\-watch \\- Watch it\n",
                           "\\fBrun\\fR\nHold (the default)\n", "\\fBreplay\\fR \\fIFILE\\fR\nJudge again\n",
                           "\\fB\\-\\-by\\fR \\fIWHO\\fR\n", "\\fB\\-n\\fR, \\fB\\-\\-namespace\\fR \\fINAME\\fR\n",
                           "\\fBBATON_LOG_LEVEL\\fR\nAs \\-\\-log\\-level, or run.log_level",
                           "\\fB75\\fR again\nnot over yet. Run the step again at the time it printed.\n",
                           "\\fBbaton\\-finalize\\fR(1)\n"}) {
    EXPECT_TRUE(says(page, part)) << part;
  }
  EXPECT_FALSE(says(page, "BATON_NAMESPACE")) << "only a flag";
  EXPECT_FALSE(says(page, "pre\\-deployment\\-checklist")) << "another tool's";
}

std::string sources_below(const std::filesystem::path& folder) {
  std::string all;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    if (!entry.is_regular_file()) continue;
    all += baton::read_file(entry.path());
  }
  return all;
}

/// "deployment-log-" of ".baton/deployment-log-RELEASE.txt": what a source must say to write that file.
std::string fixed_part(std::string_view name) {
  std::string last(name);
  if (last.ends_with('/')) last.pop_back();
  if (last.starts_with(".baton/")) last.erase(0, 7);
  std::string longest;
  for (const std::string& piece :
       baton::split(baton::replace_all(baton::replace_all(last, "RELEASE", "\n"), "STEP", "\n"), '\n')) {
    if (piece.size() > longest.size()) longest = piece;
  }
  return longest.substr(longest.starts_with("evidence/") ? 9 : 0);
}

TEST(ManualTest, NamesFilesThatTheSourcesName) {
  const std::string shared = sources_below(baton::test::source_folder() / "common");
  for (const FileRow& row : file_rows()) {
    const std::string own = row.step.empty() ? "" : sources_below(baton::test::source_folder() / "tools" / row.step);
    EXPECT_TRUE(says(shared, fixed_part(row.name)) || says(own, fixed_part(row.name))) << row.name;
  }
}

}  // namespace
}  // namespace pages
