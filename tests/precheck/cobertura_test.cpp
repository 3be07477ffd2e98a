// Cobertura: lines, rates, and what cannot be weighed.
#include <gtest/gtest.h>

#include "common/core/error.h"
#include "tests/precheck/formats.h"

namespace baton::precheck {
namespace {

LineCoverage parse_cobertura(const std::string& text, std::string_view name) {
  return std::get<LineCoverage>(read_text(format_named("cobertura"), text, name));
}

TEST(CoberturaTest, CountsLinesOnceThoughMethodsRepeatThem) {
  const auto lines = parse_cobertura(
      R"(<coverage line-rate="0.1"><packages><package><classes><class><methods><method><lines><line number="1" hits="1"/></lines>
         </method></methods><lines><line number="1" hits="1"/><line number="2" hits="0"/></lines></class></classes></package></packages></coverage>)",
      "c.xml");
  EXPECT_EQ(lines.covered, 1);
  EXPECT_EQ(lines.valid, 2);
  EXPECT_DOUBLE_EQ(lines.percent(), 50);
}

TEST(CoberturaTest, TakesTheRootsCountsWhereNoLinesAreListed) {
  EXPECT_DOUBLE_EQ(parse_cobertura(R"(<coverage lines-covered="8" lines-valid="10"/>)", "c.xml").percent(), 80);
}

TEST(CoberturaTest, ARateAloneOrNonsenseIsUnknown) {
  for (const char* text :
       {R"(<coverage line-rate="0.9"/>)", R"(<coverage lines-covered="9" lines-valid="3"/>)",
        R"(<coverage lines-covered="-1" lines-valid="3"/>)", R"(<coverage lines-covered="nan" lines-valid="3"/>)",
        "<testsuite/>", "", R"(<coverage><line number="1"/></coverage>)"}) {
    try {
      parse_cobertura(text, "c.xml");
      FAIL() << text;
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ExitCode::unknown) << text;
    }
  }
}

}  // namespace
}  // namespace baton::precheck
