// JUnit as runners write it, and what is none.
#include <gtest/gtest.h>

#include "common/core/error.h"
#include "tests/precheck/formats.h"

namespace baton::precheck {
namespace {

TestResults parse_junit(const std::string& text, std::string_view name) {
  return std::get<TestResults>(read_text(format_named("junit"), text, name));
}

TEST(JunitTest, CountsCasesNotAttributes) {
  const auto results = parse_junit(
      R"(<testsuites tests="99" failures="0"><testsuite tests="99"><testcase name="a"/><testcase name="b"><failure/></testcase>
         <testcase name="c"><skipped/></testcase><testcase name="d"><error/></testcase></testsuite></testsuites>)",
      "unit.xml");
  EXPECT_EQ(results.tests, 4);
  EXPECT_EQ(results.failed, 2);
  EXPECT_EQ(results.skipped, 1);
  EXPECT_EQ(results.passed(), 1);
  EXPECT_EQ(results.failures, (std::vector<std::string>{".b", ".d"}));
}

TEST(JunitTest, ACaseWithTwoFailuresIsOneCase) {
  const auto results = parse_junit(R"(<testsuite><testcase name="a"><failure/><failure/></testcase></testsuite>)", "x");
  EXPECT_EQ(results.tests, 1);
  EXPECT_EQ(results.failed, 1);
}

TEST(JunitTest, ARerunThatPassedIsAPass) {
  const auto results = parse_junit(R"(<testsuite><testcase name="a"><rerunFailure/></testcase></testsuite>)", "x");
  EXPECT_EQ(results.passed(), 1);
}

TEST(JunitTest, NamesOnlyTheFirstFiveFailures) {
  std::string text = "<testsuite>";
  for (int i = 0; i < 9; ++i) text += "<testcase name='t" + std::to_string(i) + "'><failure/></testcase>";
  EXPECT_EQ(parse_junit(text + "</testsuite>", "x").failures.size(), 5U);
}

class BadJunit : public testing::TestWithParam<const char*> {};

TEST_P(BadJunit, IsUnknownWithTheFilesName) {
  try {
    parse_junit(GetParam(), "unit.xml");
    FAIL() << "it was taken";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ExitCode::unknown);
    EXPECT_EQ(std::string(error.what()).rfind("unit.xml: ", 0), 0U) << error.what();
  }
}

INSTANTIATE_TEST_SUITE_P(
    All, BadJunit,
    testing::Values("", "no xml", "<testsuite>", "<html/>", "<coverage line-rate='1'/>",
                    "<!DOCTYPE a [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><testsuite>&e;</testsuite>"));

TEST(JunitTest, DeepNestingIsRefused) {
  std::string text;
  for (int i = 0; i < 201; ++i) text += "<testsuite>";
  EXPECT_THROW(parse_junit(text, "x"), Error);
}

TEST(JunitTest, ATagWithoutEndIsRefusedAndALongTextIsNot) {
  const auto with = [](std::size_t name, std::size_t text) {
    return "<testsuite><testcase name='" + std::string(name, 'a') + "'><system-out>" + std::string(text, 'b') +
           "</system-out></testcase></testsuite>";
  };
  EXPECT_THROW(parse_junit(with(2'000'000, 0), "x"), Error);
  EXPECT_EQ(parse_junit(with(500'000, 5'000'000), "x").passed(), 1);
}

TEST(JunitTest, ExplodingEntitiesAreRefused) {
  std::string text = "<!DOCTYPE a [<!ENTITY a0 'lol'>";
  for (int i = 1; i < 12; ++i) {
    text += "<!ENTITY a" + std::to_string(i) + " '";
    for (int j = 0; j < 10; ++j) text += "&a" + std::to_string(i - 1) + ";";
    text += "'>";
  }
  EXPECT_THROW(parse_junit(text + "]><testsuite><testcase name='x'>&a11;</testcase></testsuite>", "x"), Error);
}

}  // namespace
}  // namespace baton::precheck
