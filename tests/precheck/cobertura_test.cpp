// Cobertura: lines, rates, and what cannot be weighed.
#include <gtest/gtest.h>

#include "common/core/error.h"
#include "tests/precheck/formats.h"

namespace baton::precheck {
namespace {

LineCoverage parse_cobertura(const std::string& text, std::string_view name = "c.xml") {
  return std::get<LineCoverage>(read_text(format_named("cobertura"), text, name));
}

/// `hits` of the lines from 1 on: "110".
std::string class_of(const std::string& file, std::string_view hits) {
  std::string text = "<class filename='" + file + "'><lines>";
  int number = 0;
  for (const char hit : hits)
    text += "<line number='" + std::to_string(++number) + "' hits='" + std::string(1, hit) + "'/>";
  return text + "</lines></class>";
}

std::string report_of(const std::string& classes, const std::string& root = "", const std::string& sources = "") {
  return "<coverage " + root + ">" + sources + "<packages><package><classes>" + classes +
         "</classes></package></packages></coverage>";
}

std::string source(const std::string& folder) { return "<sources><source>" + folder + "</source></sources>"; }

void expect_lines(const LineCoverage& coverage, double covered, double valid) {
  EXPECT_EQ(coverage.count().covered, covered);
  EXPECT_EQ(coverage.count().valid, valid);
}

TEST(CoberturaTest, CountsLinesOnceThoughMethodsRepeatThem) {
  expect_lines(
      parse_cobertura(
          R"(<coverage line-rate="0.5"><packages><package><classes><class filename="a"><methods><method><lines><line number="1" hits="1"/></lines>
         </method></methods><lines><line number="1" hits="1"/><line number="2" hits="0"/></lines></class></classes></package></packages></coverage>)"),
      1, 2);
}

TEST(CoberturaTest, ALineOfAFileCountsOnceAndIsHitWhereverItIs) {
  expect_lines(parse_cobertura(report_of(class_of("a.kt", "1100") + class_of("a.kt", "010"))), 2, 4);
  expect_lines(parse_cobertura(report_of(class_of("a.kt", "0011") + class_of("b.kt", "11"))), 4, 6);
}

TEST(CoberturaTest, ManyRepetitionsOfALineAreOneLine) {
  std::string classes;
  for (int i = 0; i < 3000; ++i) classes += class_of("a", i == 1500 ? "101" : "001");
  expect_lines(parse_cobertura(report_of(classes)), 2, 3);
}

TEST(CoberturaTest, ReportsOfTheSameFilesAreJoined) {
  auto both = parse_cobertura(report_of(class_of("lib.py", "1100"), "", source("/src")));
  both += parse_cobertura(report_of(class_of("lib.py", "0011"), "", source("/src")));
  expect_lines(both, 4, 4);
}

TEST(CoberturaTest, AFileIsWhereItsSourceIs) {
  auto packages = parse_cobertura(report_of(class_of("src/index.js", "11"), "", source("/repo/a")));
  packages += parse_cobertura(report_of(class_of("src/index.js", "00"), "", source("/repo/b")));
  expect_lines(packages, 2, 4);
  auto same = parse_cobertura(report_of(class_of("Lib.cs", "10"), "", source("/repo/shared/")));
  same += parse_cobertura(report_of(class_of("shared\\Lib.cs", "01"), "", source(" /repo ")));
  same += parse_cobertura(report_of(class_of("/repo/shared/Lib.cs", "00"), "", source("/elsewhere")));
  expect_lines(same, 2, 2);
}

TEST(CoberturaTest, TheLowerOfLinesAndRootCounts) {
  const auto cut =
      parse_cobertura(report_of(class_of("a", "1"), "lines-covered='400' lines-valid='1000' line-rate='1'"));
  expect_lines(cut, 400, 1000);
  EXPECT_EQ(cut.doubts,
            std::vector<std::string>{
                "c.xml disagrees with itself: 100 % by its 1 line, 40 % by its root; the lower one counts"});
  const auto boast = parse_cobertura(report_of(class_of("a", "10"), "lines-covered='2' lines-valid='2'"));
  expect_lines(boast, 1, 2);
  EXPECT_EQ(boast.doubts.size(), 1U);
}

TEST(CoberturaTest, HalfAPointIsRounding) {
  const auto of_root = [](const std::string& covered) {
    return parse_cobertura(report_of(class_of("a", "10"), "lines-covered='" + covered + "' lines-valid='1000'"));
  };
  EXPECT_TRUE(of_root("495").doubts.empty());
  expect_lines(of_root("495"), 1, 2);
  EXPECT_EQ(of_root("494").doubts.size(), 1U);
  expect_lines(of_root("494"), 494, 1000);
}

TEST(CoberturaTest, ARateStandsForCountsThatAreMissing) {
  expect_lines(parse_cobertura(report_of(class_of("a", "11"), "line-rate='0.5'")), 1, 2);
  expect_lines(parse_cobertura(report_of(class_of("a", "11"), "line-rate='1.0'")), 2, 2);
  expect_lines(parse_cobertura(report_of(class_of("a", "11"), "line-rate='85'")), 2, 2);
}

// gcovr lists a line once for each instance of its template, and its root counts them all.
TEST(CoberturaTest, ARootThatCountsRepetitionsAgreesWithItsLines) {
  const auto repeated = class_of("t.cpp", "11") + class_of("t.cpp", "00") + class_of("t.cpp", "00");
  const auto coverage = parse_cobertura(report_of(repeated, "lines-covered='2' lines-valid='6'"));
  expect_lines(coverage, 2, 2);
  EXPECT_TRUE(coverage.doubts.empty());
  EXPECT_FALSE(parse_cobertura(report_of(repeated, "lines-covered='3' lines-valid='9'")).doubts.empty());
}

TEST(CoberturaTest, OfSeveralReportsTheOneThatDisagreesLimitsAll) {
  auto all = parse_cobertura(report_of(class_of("a", "1111")));
  all += parse_cobertura(report_of(class_of("b", "1"), "lines-covered='4' lines-valid='10'"));
  EXPECT_DOUBLE_EQ(all.count().percent(), 40);
}

TEST(CoberturaTest, TakesTheRootsCountsWhereNoLinesAreListed) {
  const auto alone = parse_cobertura(R"(<coverage lines-covered="8" lines-valid="10"/>)");
  expect_lines(alone, 8, 10);
  EXPECT_TRUE(alone.can_be_joined());
}

TEST(CoberturaTest, CountsWithoutLinesCannotBeJoinedButWithNothing) {
  auto all = parse_cobertura(R"(<coverage lines-covered="8" lines-valid="10"/>)");
  all += parse_cobertura(R"(<coverage lines-covered="0" lines-valid="0"/>)", "empty.xml");
  EXPECT_TRUE(all.can_be_joined());
  all += parse_cobertura(report_of(class_of("a", "1")));
  EXPECT_FALSE(all.can_be_joined());
  EXPECT_EQ(all.unlisted, "c.xml");
}

TEST(CoberturaTest, WasWrittenWhenItSays) {
  const auto written = [](const std::string& stamp) {
    return read_report_text(format_named("cobertura"),
                            "<coverage lines-covered='1' lines-valid='1' timestamp='" + stamp + "'/>", "c.xml")
        .written;
  };
  EXPECT_EQ(written("1704067200000"), parse_rfc3339("2024-01-01T00:00:00Z"));
  EXPECT_EQ(written("1704067200"), parse_rfc3339("2024-01-01T00:00:00Z"));
  EXPECT_EQ(written("0"), std::nullopt);
  EXPECT_EQ(written(""), std::nullopt);
}

void expect_unknown(const std::string& text, std::string_view why = "") {
  try {
    parse_cobertura(text);
    FAIL() << text;
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ExitCode::unknown) << text;
    EXPECT_NE(std::string(error.what()).find(why), std::string::npos) << error.what();
  }
}

TEST(CoberturaTest, ARateAloneOrNonsenseIsUnknown) {
  for (const char* text :
       {R"(<coverage line-rate="0.9"/>)", R"(<coverage lines-covered="9" lines-valid="3"/>)",
        R"(<coverage lines-covered="-1" lines-valid="3"/>)", R"(<coverage lines-covered="nan" lines-valid="3"/>)",
        "<testsuite/>", "", R"(<coverage><class filename="a"><line number="1"/></class></coverage>)"})
    expect_unknown(text);
}

TEST(CoberturaTest, ALineThatCannotBeJoinedIsUnknown) {
  expect_unknown("<coverage><line number='1' hits='1'/></coverage>", "belongs to no class");
  expect_unknown(report_of(class_of("", "1")), "belongs to no class");
  expect_unknown("<coverage><class filename='a'><line hits='1'/></class></coverage>", "has no number");
  expect_unknown("<coverage><class filename='a'><line number='2147483648' hits='1'/></class></coverage>",
                 "has no number");
  expect_lines(parse_cobertura("<coverage><class filename='a'><line number='2147483647' hits='1'/></class></coverage>"),
               1, 1);
}

TEST(CoberturaTest, LongPathsAreRefused) {
  EXPECT_NO_THROW(parse_cobertura(report_of(class_of(std::string(4096, 'a'), "1"))));
  expect_unknown(report_of(class_of(std::string(4097, 'a'), "1")), "4096");
  EXPECT_NO_THROW(parse_cobertura(report_of(class_of("a", "1"), "", source(std::string(4096, 'a')))));
  expect_unknown(report_of(class_of("a", "1"), "", source(std::string(4097, 'a'))), "4096");
}

TEST(CoberturaTest, ACloverReportIsNone) {
  const auto& cobertura = format_named("cobertura");
  for (const char* root : {"generated='1700000000' clover='3.2.0'", "generated='1700000000'"})
    EXPECT_FALSE(cobertura.recognises("<coverage " + std::string(root) + "><project/></coverage>")) << root;
  EXPECT_TRUE(cobertura.recognises("<coverage line-rate='1'><packages/></coverage>"));
}

}  // namespace
}  // namespace baton::precheck
