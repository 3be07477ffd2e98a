// A strategy's stages, and how many pods a share is.
#include "tools/switch/stages.h"

#include <gtest/gtest.h>

#include "common/core/error.h"

namespace baton::cutover {
namespace {

std::vector<std::string> names(const SwitchConfig& config) {
  std::vector<std::string> names;
  for (const auto& stage : stages_of(config)) names.push_back(stage.name);
  return names;
}

TEST(StagesTest, AreTheSopsByDefault) {
  EXPECT_EQ(names({.strategy = "canary"}), (std::vector<std::string>{"5%", "25%", "50%", "100%"}));
  EXPECT_EQ(names({}), std::vector<std::string>{"100%"});
}

TEST(StagesTest, HoldEachButTheLastForHalfAnHour) {
  const auto stages = stages_of({.strategy = "canary"});
  for (std::size_t at = 0; at + 1 < stages.size(); ++at) {
    EXPECT_EQ(stages[at].hold, 30min);
    EXPECT_EQ(stages[at].hold_max, 90min);
  }
  EXPECT_EQ(stages.back().hold, 5min);
  EXPECT_EQ(stages.back().hold_max, 15min);
}

TEST(StagesTest, AShareIsAsManyPodsAsComeNearest) {
  struct Row {
    int share, live, pods;
  };
  for (const auto& [share, live, pods] : {Row{5, 1, 1}, Row{5, 19, 1}, Row{5, 38, 2}, Row{25, 3, 1}, Row{25, 9, 3},
                                          Row{50, 7, 7}, Row{99, 2, 198}, Row{100, 7, 7}, Row{5, 0, 1}}) {
    EXPECT_EQ(pods_for(share, live), pods) << share << " % beside " << live;
  }
}

TEST(StagesTest, OnlyNamesOfStagesAreWaitedBehind) {
  require_stage({}, "");
  require_stage({}, "ready");
  require_stage({.strategy = "canary"}, "25%");
  EXPECT_THROW(require_stage({}, "25%"), Error);
}

TEST(StagesTest, APercentageIsAWholeNumberUpToAHundred) {
  EXPECT_EQ(percent_in("1%"), 1);
  EXPECT_EQ(percent_in("100%"), 100);
  for (const auto* text : {"0%", "101%", "5", "5.5%", "", "%", "-5%", "5%%"}) EXPECT_EQ(percent_in(text), 0) << text;
}

}  // namespace
}  // namespace baton::cutover
