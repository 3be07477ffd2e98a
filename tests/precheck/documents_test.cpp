// Versions, changelogs and other documents, as people write them.
#include <gtest/gtest.h>

#include "common/core/error.h"
#include "common/io/files.h"
#include "tools/precheck/documentation/changelog_section.h"
#include "tools/precheck/documentation/document.h"
#include "tools/precheck/documentation/last_release.h"
#include "tools/precheck/documentation/version.h"

namespace baton::precheck {
namespace {

TEST(VersionTest, IsReadWithAndWithoutItsLetter) {
  EXPECT_EQ(parse_version("v1.6.0"), parse_version("1.6.0"));
  EXPECT_LT(*parse_version("1.6.0-rc.1"), *parse_version("1.6.0"));
  EXPECT_LT(*parse_version("1.9.0"), *parse_version("1.10.0"));
  EXPECT_EQ(version_of_tag("v1.6.0-stable"), parse_version("1.6.0"));
  for (const auto* text :
       {"", "v", "1", "1.6", "1.6.0.1", "1.6.0x", "1.6.0-", "1.-6.0", "v1.6.99999999999999999999", "stable"})
    EXPECT_FALSE(parse_version(text)) << text;
}

TEST(VersionTest, IsNamedByItselfAndNotByALongerOne) {
  for (const auto* text :
       {"1.6.0", "v1.6.0", "## [1.6.0] - 2025-11-04", "shop-1.6.0.md", "Release v1.6.0.", "(v1.6.0)"})
    EXPECT_TRUE(names_version(text, "v1.6.0")) << text;
  for (const auto* text : {"", "1.6.01", "11.6.0", "1.6.0-rc.1", "v1.6.0.1", "0.1.6.0", "1.6.0a", "rev1.6.0"})
    EXPECT_FALSE(names_version(text, "v1.6.0")) << text;
  EXPECT_TRUE(names_version("adhoc-1", "adhoc-1"));
  EXPECT_FALSE(names_version("anything", ""));
}

TEST(LastReleaseTest, IsTheNewestBelowAndAStableOneFirst) {
  const std::vector<git::Tag> tags = {{"v1.4.0", "a"}, {"v1.4.0-stable", "a"}, {"v1.5.0", "b"}, {"v1.6.0-rc.1", "c"},
                                      {"v1.6.0", "d"}, {"v2.0.0", "e"},        {"nightly", "f"}};
  EXPECT_EQ(last_version(tags, "v1.6.0")->name, "v1.5.0");
  EXPECT_EQ(last_stable(tags, "v1.6.0")->name, "v1.4.0-stable");
  EXPECT_EQ(last_version(tags, "adhoc-1")->name, "v2.0.0");
  EXPECT_FALSE(last_version(tags, "v1.0.0"));
  EXPECT_FALSE(last_stable({}, "v1.6.0"));
}

std::optional<ChangelogSection> section(const std::string& text) { return changelog_section(text, "v1.6.0"); }

TEST(ChangelogTest, CountsTheEntriesOfItsSection) {
  const auto found = section(
      "# Changelog\n\n## [Unreleased]\n- later\n\n## [1.6.0] - 2025-11-04\n### Added\n- one\n* two\n\n### Fixed\n1. "
      "three\n\n"
      "## [1.5.0]\n- old\n- older\n");
  ASSERT_TRUE(found);
  EXPECT_EQ(found->heading, "[1.6.0] - 2025-11-04");
  EXPECT_EQ(found->entries, 3);
  EXPECT_EQ(found->breaking, 0);
  EXPECT_EQ(found->previous_release, "1.5.0");
  EXPECT_EQ(section("v1.6.0\n------\nBetter search.\n\nv1.5.0\n------\n")->entries, 1) << "underlined headings";
  EXPECT_EQ(section("## 1.6.0\r\n\r\n- one\r\n")->entries, 1);
}

TEST(ChangelogTest, WhatSaysNothingIsNoEntry) {
  for (const auto* body :
       {"", "- TBD\n", "- TODO\n", "<!-- - hidden -->\n", "### Added\n", "---\n", "<!-- never ends\n- x\n"}) {
    const auto found = section("## 1.6.0\n" + std::string(body) + "## 1.5.0\n- old\n");
    EXPECT_TRUE(!found || found->entries == 0) << body;
  }
}

TEST(ChangelogTest, AnotherVersionsSectionIsNotOurs) {
  EXPECT_FALSE(section(""));
  EXPECT_FALSE(section("## 1.6.0-rc.1\n- x\n"));
  EXPECT_FALSE(section("## 1.6.01\n- x\n"));
  EXPECT_FALSE(section("```\n## 1.6.0\n- x\n```\n")) << "an example";
  EXPECT_FALSE(section("- 1.6.0 will be good\n"));
}

TEST(ChangelogTest, BreakingChangesStandBelowTheirHeadingOrBeginSo) {
  EXPECT_EQ(section("## 1.6.0\n### Breaking changes\n- a\n- b\n### Added\n- c\n")->breaking, 2);
  EXPECT_EQ(section("## 1.6.0\n- **BREAKING** the API\n- other\n")->breaking, 1);
  EXPECT_EQ(section("## 1.6.0\n### BREAKING\n### Added\n- c\n")->breaking, 0) << "an empty part says nothing";
  EXPECT_EQ(section("## 1.6.0\n- fixes breaking news\n")->breaking, 0);
}

TEST(DocumentTest, WhatCannotBeReadIsUnknown) {
  const TempFolder folder;
  const auto path = (folder.path() / "a.md").string();
  EXPECT_THROW(read_document(path, "x"), Error);
  write_file(folder.path() / "a.md", "\xff\xfe# \x01");
  EXPECT_THROW(read_document(path, "x"), Error);
  write_file(folder.path() / "a.md", std::string((4U << 20U) + 1, 'a'));
  EXPECT_THROW(read_document(path, "x"), Error);
  EXPECT_THROW(read_document(folder.path().string(), "x"), Error) << "a folder is no document";
}

}  // namespace
}  // namespace baton::precheck
