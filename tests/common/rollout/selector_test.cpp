// Selectors: who is meant.
#include "common/rollout/selector.h"

#include <gtest/gtest.h>

#include "tests/common/rollout/json_of.h"

namespace baton::rollout {
namespace {

TEST(SelectorTest, SelectsPodsThatCarryEveryPair) {
  const Labels selector{{"app", "shop"}, {"version", "blue"}};
  EXPECT_TRUE(selects(selector, {{"app", "shop"}, {"version", "blue"}, {"x", "y"}}));
  EXPECT_FALSE(selects(selector, {{"app", "shop"}, {"version", "green"}}));
  EXPECT_FALSE(selects(selector, {{"app", "shop"}}));
}

TEST(SelectorTest, AnEmptyServiceSelectorSelectsNobody) { EXPECT_FALSE(selects({}, {{"app", "shop"}})); }

TEST(SelectorTest, AnEmptyLabelSelectorMeansEverybodyAndAnAbsentOneNobody) {
  EXPECT_TRUE(label_selector_matches(json("{}"), {{"app", "shop"}}));
  EXPECT_FALSE(label_selector_matches(Json(), {{"app", "shop"}}));
}

struct ExpressionCase {
  const char* expression;
  bool holds;
};

class ExpressionTest : public testing::TestWithParam<ExpressionCase> {};

TEST_P(ExpressionTest, HoldsAsTheApiServerReadsIt) {
  const auto selector = json(std::string(R"({"matchExpressions":[)") + GetParam().expression + "]}");
  EXPECT_EQ(label_selector_matches(selector, {{"tier", "web"}}), GetParam().holds) << GetParam().expression;
}

INSTANTIATE_TEST_SUITE_P(All, ExpressionTest,
                         testing::Values(ExpressionCase{R"({"key":"tier","operator":"In","values":["web","db"]})",
                                                        true},
                                         ExpressionCase{R"({"key":"tier","operator":"In","values":["db"]})", false},
                                         ExpressionCase{R"({"key":"tier","operator":"NotIn","values":["db"]})", true},
                                         ExpressionCase{R"({"key":"tier","operator":"NotIn","values":["web"]})", false},
                                         ExpressionCase{R"({"key":"zone","operator":"NotIn","values":["a"]})", true},
                                         ExpressionCase{R"({"key":"tier","operator":"Exists"})", true},
                                         ExpressionCase{R"({"key":"zone","operator":"Exists"})", false},
                                         ExpressionCase{R"({"key":"zone","operator":"DoesNotExist"})", true},
                                         ExpressionCase{R"({"key":"tier","operator":"DoesNotExist"})", false}));

TEST(SelectorTest, ColoursTakeTurnsAndGreenFollowsWhatHadNone) {
  EXPECT_EQ(next_colour("blue"), "green");
  EXPECT_EQ(next_colour("green"), "blue");
  EXPECT_EQ(next_colour(""), "green");
}

TEST(SelectorTest, WritesTheTextThatListsTake) {
  EXPECT_EQ(selector_text({{"version", "blue"}, {"app", "shop"}}), "app=shop,version=blue");
}

}  // namespace
}  // namespace baton::rollout
