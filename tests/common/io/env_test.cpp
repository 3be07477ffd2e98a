// The environment as a value.
#include "common/io/env.h"

#include <gtest/gtest.h>

#include <cstdlib>

namespace baton {
namespace {

Environment of(std::map<std::string, std::string, std::less<>> values) { return Environment(std::move(values)); }

TEST(EnvironmentTest, AnEmptyValueCountsAsUnset) {
  const Environment environment = of({{"A", "1"}, {"B", ""}});
  EXPECT_EQ(environment.find("A"), "1");
  EXPECT_EQ(environment.find("B"), std::nullopt);
  EXPECT_EQ(environment.find("C"), std::nullopt);
  EXPECT_EQ(environment.value_or("B", "x"), "x");
}

TEST(EnvironmentTest, ReadsThatOfTheProcess) {
  ::setenv("BATON_TEST_VARIABLE", "a=b", 1);
  EXPECT_EQ(Environment::of_process().find("BATON_TEST_VARIABLE"), "a=b");
  ::unsetenv("BATON_TEST_VARIABLE");
  EXPECT_EQ(Environment::of_process().find("BATON_TEST_VARIABLE"), std::nullopt);
}

TEST(EnvironmentTest, HomeIsSomewhereEvenWithoutAVariable) {
  EXPECT_EQ(home_folder(of({{"HOME", "/home/jo"}})), "/home/jo");
  EXPECT_TRUE(home_folder(of({{"HOME", ""}})).starts_with("/"));
}

}  // namespace
}  // namespace baton
