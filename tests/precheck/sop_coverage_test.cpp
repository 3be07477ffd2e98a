// docs/sop-coverage.md: each line of the SOP's Prerequisites, step 1 and 2a stands there, with checks and tests that
// exist.
#include <gtest/gtest.h>

#include <algorithm>
#include <regex>
#include <set>

#include "common/core/text.h"
#include "common/io/files.h"
#include "common/io/glob.h"
#include "tests/support/places.h"
#include "tools/precheck/group.h"

namespace baton::precheck {
namespace {

using Words = std::set<std::string, std::less<>>;

/// The SOP's checkboxes, thresholds and example lines, by the names that the page gives them.
const Words kLines = {"pre-gates",
                      "pre-tests",
                      "pre-audit",
                      "pre-performance",
                      "pre-merged",
                      "pre-healthy",
                      "pre-pipeline",
                      "pre-capacity",
                      "pre-migrations",
                      "pre-external",
                      "pre-changelog",
                      "pre-notes",
                      "pre-plan",
                      "pre-runbook",
                      "pre-notified",
                      "pre-on-call",
                      "pre-window",
                      "pre-quiet",
                      "pre-channel",
                      "pre-dashboards",
                      "pre-alerts",
                      "pre-logs",
                      "pre-apm",
                      "1-review",
                      "1-coverage",
                      "1-tests",
                      "1-audit",
                      "1-p95",
                      "1-nodes",
                      "1-usage",
                      "1-database",
                      "1-redis",
                      "1-external",
                      "1-rehearsed",
                      "1-reversible",
                      "1-locks",
                      "1-backup",
                      "1-deployed",
                      "1-e2e",
                      "1-smoke",
                      "1-load",
                      "1-errors",
                      "1-dependencies",
                      "1-image",
                      "1-secrets",
                      "1-tls",
                      "1-buffer",
                      "1-disk",
                      "1-pools",
                      "1-checklist",
                      "1-box-quality",
                      "1-box-infrastructure",
                      "1-box-staging",
                      "1-box-migrations",
                      "1-box-security",
                      "1-box-capacity",
                      "1-box-complete",
                      "1-proceed",
                      "1-stop",
                      "1-example-critical",
                      "1-example-warning",
                      "1-waived",
                      "2a-tag",
                      "2a-stages",
                      "2a-scan",
                      "2a-push",
                      "2a-pull",
                      "2a-size",
                      "2a-layers",
                      "2a-box-optimized"};

struct Row {
  std::string line;
  std::string checks;
  std::string tests;
};

/// The rows of the tables whose first column is called "line".
std::vector<Row> rows() {
  std::vector<Row> rows;
  bool is_ours = false;
  for (const auto& text : split(read_file(test::source_folder() / "docs/sop-coverage.md"), '\n')) {
    if (!text.starts_with("| ")) is_ours = false;
    if (text.starts_with("| line |")) is_ours = true;
    auto cells = split(text, '|');
    if (!is_ours || cells.size() != 6 || text.starts_with("| line") || text.starts_with("| ---")) continue;
    std::ranges::transform(cells, cells.begin(), [](const std::string& cell) { return std::string(trim(cell)); });
    rows.push_back({.line = cells[1], .checks = cells[3], .tests = cells[4]});
  }
  return rows;
}

/// What stands between backticks.
std::vector<std::string> quoted(const std::string& text) {
  std::vector<std::string> words;
  const auto pieces = split(text, '`');
  for (std::size_t at = 1; at < pieces.size(); at += 2) words.push_back(pieces[at]);
  return words;
}

Words known_checks() {
  Words known;
  for (const auto& place : places()) known.emplace(place.check->id);
  return known;
}

/// "Suite.Name" of every test in the repository, and "Suite.*".
const Words& known_tests() {
  static const Words kKnown = [] {
    Words known;
    const std::regex test(R"(\bTEST(?:_F|_P)?\(\s*(\w+)\s*,\s*(\w+)\s*\))");
    for (const auto& file : find_files(test::source_folder() / "tests", "**/*_test.cpp")) {
      const auto text = read_file(file);
      for (std::sregex_iterator at(text.begin(), text.end(), test), end; at != end; ++at) {
        known.insert((*at)[1].str() + "." + (*at)[2].str());
        known.insert((*at)[1].str() + ".*");
      }
    }
    return known;
  }();
  return kKnown;
}

/// Of the quoted words those that look like ids of checks: no path, no command, no key.
bool is_id(const std::string& word) {
  return word.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") == std::string::npos &&
         word.find('-') != std::string::npos;
}

TEST(SopCoverage, EveryLineOfTheSopHasItsRowAndNoOtherDoes) {
  Words found;
  for (const auto& row : rows()) EXPECT_TRUE(found.insert(row.line).second) << row.line << " is there twice";
  for (const auto& line : kLines) EXPECT_TRUE(found.contains(line)) << line << " has no row";
  for (const auto& line : found) EXPECT_TRUE(kLines.contains(line)) << line << " is no line of the SOP";
}

TEST(SopCoverage, EveryCheckThatIsNamedExists) {
  const auto known = known_checks();
  for (const auto& row : rows()) {
    ASSERT_FALSE(row.checks.empty()) << row.line;
    for (const auto& word : quoted(row.checks)) {
      EXPECT_TRUE(known.contains(word) || !is_id(word)) << row.line << ": " << word;
    }
  }
}

TEST(SopCoverage, EveryCheckButThoseOfTheDeploymentHasARow) {
  Words named;
  for (const auto& row : rows()) {
    for (const auto& word : quoted(row.checks)) named.insert(word);
  }
  for (const auto& place : places()) {
    if (place.group->id == "deployment") continue;  // step 2c has tables of its own
    EXPECT_TRUE(named.contains(place.check->id)) << place.check->id << " stands in no row";
  }
}

TEST(SopCoverage, EveryTestThatIsNamedExists) {
  ASSERT_GT(known_tests().size(), 1000U);
  const auto known = known_checks();
  for (const auto& row : rows()) {
    const auto tests = quoted(row.tests);
    for (const auto& test : tests) EXPECT_TRUE(known_tests().contains(test)) << row.line << ": " << test;
    if (!tests.empty()) continue;
    for (const auto& word : quoted(row.checks))
      EXPECT_FALSE(known.contains(word)) << row.line << " names no test, though " << word << " is there";
  }
}

}  // namespace
}  // namespace baton::precheck
