// JaCoCo, LCOV, Clover and Go's profiles: what counts, and what cannot be weighed.
#include <gtest/gtest.h>

#include "common/core/error.h"
#include "tests/precheck/formats.h"

namespace baton::precheck {
namespace {

LineCoverage parse(std::string_view format, const std::string& text) {
  return std::get<LineCoverage>(read_text(format_named(format), text, "report"));
}

void expect_lines(const LineCoverage& coverage, double covered, double valid) {
  EXPECT_EQ(coverage.count().covered, covered);
  EXPECT_EQ(coverage.count().valid, valid);
}

void expect_unknown(std::string_view format, const std::string& text, std::string_view why) {
  try {
    parse(format, text);
    FAIL() << text;
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ExitCode::unknown) << text;
    EXPECT_TRUE(std::string(error.what()).starts_with("report: ")) << error.what();
    EXPECT_NE(std::string(error.what()).find(why), std::string::npos) << error.what();
  }
}

std::string java_file(const std::string& name, const std::string& lines) {
  return "<sourcefile name='" + name + "'>" + lines + "</sourcefile>";
}
std::string java_package(const std::string& content) { return "<package name='com/shop'>" + content + "</package>"; }
std::string counter(int missed, int covered) {
  return "<counter type='BRANCH' missed='9' covered='0'/><counter type='LINE' missed='" + std::to_string(missed) +
         "' covered='" + std::to_string(covered) + "'/>";
}
const std::string kTwoLines = "<line nr='3' mi='0' ci='4'/><line nr='4' mi='2' ci='0'/>";

TEST(JacocoTest, ALineIsCoveredWhenAnyOfItRan) {
  const auto file = java_file("A.java", kTwoLines + "<line nr='5' mi='3' ci='1'/>" + counter(1, 2));
  expect_lines(parse("jacoco", "<report name='r'>" + java_package(file + counter(1, 2)) + counter(1, 2) + "</report>"),
               2, 3);
}

TEST(JacocoTest, TheSameFileInTwoModulesIsTwoFilesAndInTwoReportsOne) {
  const auto file = java_package(java_file("A.java", kTwoLines));
  expect_lines(
      parse("jacoco", "<report><group name='a'>" + file + "</group><group name='b'>" + file + "</group></report>"), 2,
      4);
  auto twice = parse("jacoco", "<report>" + file + "</report>");
  twice +=
      parse("jacoco", "<report>" + java_package(java_file("A.java", "<line nr='4' mi='0' ci='2'/>")) + "</report>");
  expect_lines(twice, 2, 2);
}

TEST(JacocoTest, ItsCountersAreWeighedAgainstItsLines) {
  const auto with = [](const std::string& sum) {
    return parse("jacoco", "<report>" + java_package(java_file("A.java", kTwoLines)) + sum + "</report>");
  };
  EXPECT_TRUE(with(counter(1, 1)).doubts.empty());
  const auto cut = with(counter(600, 400));
  expect_lines(cut, 400, 1000);
  ASSERT_EQ(cut.doubts.size(), 1U);
  EXPECT_EQ(cut.doubts.front(),
            "report disagrees with itself: 50 % by its 2 lines, 40 % by its counters; the lower one counts");
}

TEST(JacocoTest, WithoutLinesTheCountersCountAndThoseOfPackagesWhereTheReportHasNone) {
  expect_lines(parse("jacoco", "<report>" + java_package(counter(1, 3)) + counter(2, 8) + "</report>"), 8, 10);
  expect_lines(parse("jacoco", "<report>" + java_package(counter(1, 3)) + java_package(counter(1, 1)) + "</report>"), 4,
               6);
  const auto in_class = java_package("<class name='A'>" + counter(0, 9) + "</class>");
  expect_unknown("jacoco", "<report>" + in_class + "</report>", "counts no lines");
}

TEST(JacocoTest, LinesThatTellNothingAreNone) {
  const auto gcovr = java_package(java_file("a.cpp", "<line nr='2'/><line nr='6' mb='1' cb='1'/>")) + counter(3, 11);
  expect_lines(parse("jacoco", "<report>" + gcovr + "</report>"), 11, 14);
  EXPECT_EQ(parse("jacoco", "<report>" + gcovr + "</report>").unlisted, "report");
}

TEST(JacocoTest, WasWrittenWhenItsOldestSessionEnded) {
  const auto report = read_report_text(format_named("jacoco"),
                                       "<report><sessioninfo id='a' start='1' dump='1704067200000'/><sessioninfo "
                                       "id='b' start='1' dump='1804067200000'/>" +
                                           counter(1, 1) + "</report>",
                                       "report");
  EXPECT_EQ(report.written, parse_rfc3339("2024-01-01T00:00:00Z"));
}

TEST(JacocoTest, WhatCannotBeCountedIsUnknown) {
  expect_unknown("jacoco", "<report/>", "counts no lines");
  expect_unknown("jacoco", "<coverage/>", "not JaCoCo");
  expect_unknown("jacoco", "<report><line nr='1' ci='1'/></report>", "no source file");
  expect_unknown("jacoco", "<report>" + java_package(java_file("A", "<line ci='1'/>")) + "</report>", "no number");
  expect_unknown("jacoco", "<report>" + java_package(java_file("A", "<line nr='1' mi='2'/>")) + "</report>",
                 "what of it ran");
  expect_unknown("jacoco", "<report><counter type='LINE' missed='x'/></report>", "no numbers");
}

std::string record(const std::string& file, const std::string& lines) {
  return "TN:\nSF:" + file + "\n" + lines + "end_of_record\n";
}

TEST(LcovTest, CountsLinesByFileHoweverOftenItIsTold) {
  expect_lines(
      parse("lcov", record("a.c", "DA:1,1\nDA:2,0\n") + record("a.c", "DA:2,3,abc\n") + record("b.c", "DA:1,0\n")), 2,
      3);
  expect_lines(parse("lcov", record("./a.c", "DA:1,0\n") + record(".\\a.c", "DA:1,1\n")), 1, 1);
}

TEST(LcovTest, FunctionsAndBranchesAreNoLinesAndCommentsNothing) {
  expect_lines(
      parse("lcov", "# made by hand\n" +
                        record("a.c", "VER:1\nFN:1,9,f\nFNL:0,1,9\nFNA:0,3,f\nFNDA:3,f\nBRDA:1,0,0,-\nDA:1,3\n")),
      1, 1);
}

TEST(LcovTest, ItsCountsAreWeighedAgainstItsLines) {
  EXPECT_TRUE(parse("lcov", record("a.c", "DA:1,1\nDA:2,0\nLF:2\nLH:1\n")).doubts.empty());
  const auto cut = parse("lcov", record("a.c", "DA:1,1\nLF:10\nLH:4\n"));
  expect_lines(cut, 4, 10);
  EXPECT_EQ(cut.doubts.size(), 1U);
  EXPECT_TRUE(parse("lcov", record("a.c", "DA:1,1\nLF:10\nLH:4\n") + record("b.c", "DA:1,1\n")).doubts.empty())
      << "where one record counts nothing the sum says nothing";
}

TEST(LcovTest, WhatCannotBeCountedIsUnknown) {
  expect_unknown("lcov", "", "is empty");
  expect_unknown("lcov", "TN:\n", "counts no lines");
  expect_unknown("lcov", record("a.c", "LF:9\nLH:9\n"), "counts no lines");
  expect_unknown("lcov", "TN:\nSF:a.c\nDA:1,1\n", "ends within a record");
  expect_unknown("lcov", record("a.c", "DA:1,-1\n"), "line 3 has no number");
  expect_unknown("lcov", record("a.c", "DA:x,1\n"), "line 3 has no number");
  expect_unknown("lcov", record("a.c", "DA:2147483648,1\n"), "line 3 has no number");
  expect_unknown("lcov", record("a.c", "DA:1\n"), "line 3 has no number");
  expect_unknown("lcov", record("", "DA:1,1\n"), "line 2 names no source file");
  expect_unknown("lcov", record(std::string(4097, 'a'), "DA:1,1\n"), "line 2 names no source file");
  expect_unknown("lcov", "SF:a.c\nSF:b.c\n", "within a record");
  expect_unknown("lcov", "TN:\nDA:1,1\n", "outside of every record");
  expect_unknown("lcov", "TN:\nend_of_record\n", "never began");
  expect_unknown("lcov", record("a.c", "hello\n"), "line 3 is none of LCOV's");
  expect_unknown("lcov", record("a.c", "DA:1,1\n").insert(5, "\xFF"), "not UTF-8");
}

std::string clover_of(const std::string& project, const std::string& root = "generated='1704067200'") {
  return "<coverage " + root + "><project>" + project + "</project></coverage>";
}
std::string clover_file(const std::string& lines, const std::string& name = "name='a.js' path='/src/a.js'") {
  return "<file " + name + ">" + lines + "</file>";
}

TEST(CloverTest, CountsStatementsAndBranchesByTheirLines) {
  expect_lines(parse("clover", clover_of(clover_file(
                                   "<line num='1' type='method' count='0'/><line num='2' type='stmt' count='2'/>"
                                   "<line num='3' type='cond' truecount='0' falsecount='0'/>"
                                   "<line num='4' type='cond' count='1' truecount='0' falsecount='0'/>"))),
               2, 3);
}

TEST(CloverTest, TheCodeOfTheTestsIsNotCounted) {
  const auto text = "<coverage clover='4'><project>" + clover_file("<line num='1' type='stmt' count='0'/>") +
                    "</project><testproject><metrics statements='9' coveredstatements='9'/>" +
                    clover_file("<line num='2' type='stmt' count='1'/>") + "</testproject></coverage>";
  expect_lines(parse("clover", text), 0, 1);
}

TEST(CloverTest, OnlyTheProjectsOwnMetricsAreItsClaim) {
  const auto inner = "<metrics statements='1' coveredstatements='1'/>";
  const auto lines =
      clover_file(inner + std::string("<line num='1' type='stmt' count='1'/><line num='2' type='stmt' count='0'/>"));
  EXPECT_TRUE(parse("clover", clover_of("<metrics statements='2' coveredstatements='1'/>" + lines)).doubts.empty());
  // Istanbul's packages stand within the metrics.
  const auto istanbul =
      clover_of("<metrics statements='2' coveredstatements='1'><package name='p'>" + lines + "</package></metrics>");
  EXPECT_TRUE(parse("clover", istanbul).doubts.empty());
  const auto cut = parse("clover", clover_of("<metrics statements='10' coveredstatements='4'/>" + lines));
  expect_lines(cut, 4, 10);
  EXPECT_EQ(cut.doubts.size(), 1U);
}

TEST(CloverTest, FilesOfTheSameNameInTwoPackagesAreTwo) {
  const auto line = clover_file("<line num='1' type='stmt' count='1'/>", "name='index.js'");
  expect_lines(
      parse("clover", clover_of("<package name='a'>" + line + "</package><package name='b'>" + line + "</package>")), 2,
      2);
}

TEST(CloverTest, WasWrittenWhenItSays) {
  EXPECT_EQ(read_report_text(format_named("clover"), clover_of("<metrics statements='1' coveredstatements='1'/>"), "r")
                .written,
            parse_rfc3339("2024-01-01T00:00:00Z"));
}

TEST(CloverTest, WhatCannotBeCountedIsUnknown) {
  expect_unknown("clover", clover_of(""), "counts no lines");
  expect_unknown("clover", "<testsuite/>", "not Clover");
  expect_unknown("clover", clover_of(clover_file("<line type='stmt' count='1'/>")), "no number");
  expect_unknown("clover", clover_of(clover_file("<line num='1' type='stmt'/>")), "number of hits");
  expect_unknown("clover", clover_of(clover_file("<line num='1' type='stmt' count='-1'/>")), "number of hits");
  expect_unknown("clover", clover_of("<line num='1' type='stmt' count='1'/>"), "no file");
  expect_unknown("clover", clover_of("<metrics statements='1' coveredstatements='2'/>"), "counts no lines");
}

TEST(GoCoverprofileTest, CountsStatementsOfEachBlockOnce) {
  expect_lines(parse("go-coverprofile", "mode: set\ns/a.go:1.2,3.4 3 0\ns/a.go:5.2,6.4 2 1\ns/a.go:1.2,3.4 3 9\n"), 5,
               5);
  expect_lines(parse("go-coverprofile", "mode: count\na.go:1.2,3.4 3 0\nb.go:1.2,3.4 1 18446744073709551615\n"), 1, 4);
}

TEST(GoCoverprofileTest, ProfilesOfTheSameCodeAreJoined) {
  auto both = parse("go-coverprofile", "mode: set\na.go:1.2,3.4 3 0\na.go:5.2,6.4 2 1\n");
  both += parse("go-coverprofile", "mode: atomic\na.go:1.2,3.4 3 4\nb.go:1.2,3.4 5 0\n");
  expect_lines(both, 5, 10);
}

TEST(GoCoverprofileTest, StandsBesideReportsOfLines) {
  auto both = parse("go-coverprofile", "mode: set\na.go:1.2,3.4 3 1\n");
  both += parse("lcov", record("a.c", "DA:1,0\n"));
  expect_lines(both, 3, 4);
  EXPECT_TRUE(both.can_be_joined());
}

TEST(GoCoverprofileTest, WhatIsNoProfileIsUnknown) {
  expect_unknown("go-coverprofile", "", "is empty");
  expect_unknown("go-coverprofile", "mode: set\n", "lists no blocks");
  expect_unknown("go-coverprofile", "mode: half\na.go:1.2,3.4 3 1\n", "line 1 is no mode");
  for (const char* block : {"a.go:1.2,3.4 3", "a.go:1.2,3.4 -3 1", "a.go:1.2,3.4 3 x", "a.go:1,3 3 1", "1.2,3.4 3 1",
                            "a.go 3 1", "a.go:1.2,3.4 4294967296 1", ":1.2,3.4 1 1", "mode: set", ""})
    expect_unknown("go-coverprofile", "mode: set\n" + std::string(block) + "\n", "line 2 is no block");
  expect_unknown("go-coverprofile", "mode: set\na.go:1.2,3.4 3 1", "ends within line 2");
}

}  // namespace
}  // namespace baton::precheck
