// baton-switch plan: what a run would do, and that it does nothing.
#include <gtest/gtest.h>

#include "tests/support/refusal.h"
#include "tests/switch/runner.h"

namespace baton::cutover {
namespace {

class PlanTest : public testing::Test {
 protected:
  PlanTest() {
    runner.playground.set_fault("v1.6.0");
    before_ = runner.writable_state();
  }
  ~PlanTest() override { EXPECT_EQ(runner.writable_state(), before_) << "a plan writes nothing"; }

  Ended plan(std::vector<std::string> more = {}) {
    more.push_back("--release=v1.6.0");
    return runner.run("plan", more);
  }

  Runner runner{{.replicas = 3}};

 private:
  std::string before_;
};

TEST_F(PlanTest, ShowsObjectsStagesSizesTimesAndTheWayBack) {
  const auto ended = plan();
  EXPECT_EQ(ended.code, 0) << ended.output << ended.error;
  for (const auto* line : {"Blue-Green of myapp v1.6.0", "adopted: its pods get version=blue, none is restarted",
                           "app=myapp → app=myapp,version=green", "no traffic; ready within 20 s, smoked with 2 probes",
                           "100 % of the traffic, 3 pods; judged for 1 s, at most 2 s", "baton-switch rollback myapp"})
    EXPECT_TRUE(test::says(ended.output, line)) << line;
}

TEST_F(PlanTest, SaysWhatACanarysSharesComeToInPods) {
  const auto ended = plan({"--set=switch.strategy=canary"});
  EXPECT_EQ(ended.code, 0) << ended.output << ended.error;
  EXPECT_TRUE(test::says(ended.output, "1 pod beside 3: 25.0 % of new connections; judged for 30m, at most 1h"));
  EXPECT_TRUE(test::says(ended.output, "3 pods beside 3: 50.0 % of new connections"));
}

TEST_F(PlanTest, OfARollingUpdateNamesOneDeployment) {
  const auto ended = plan({"--set=switch.strategy=rolling", "--output=json"});
  EXPECT_EQ(ended.code, 0) << ended.output << ended.error;
  const auto record = parse_json(ended.output, "record");
  ASSERT_EQ(record["changes"].size(), 1U);
  EXPECT_EQ(record["changes"].items().front()["what"].string(), "Deployment myapp");
}

TEST_F(PlanTest, NamesTheRightsThatAreMissing) {
  runner.playground.sandbox().access().deny("create leases");
  const auto ended = plan();
  runner.playground.sandbox().access().allow("create leases");
  EXPECT_EQ(ended.code, 3) << ended.output << ended.error;
  EXPECT_TRUE(test::says(ended.output, "create leases"));
}

TEST_F(PlanTest, ARightWithoutWhichLessIsKnownIsNamedAndStopsNothing) {
  runner.playground.sandbox().access().deny("list events");
  const auto ended = plan();
  runner.playground.sandbox().access().allow("list events");
  EXPECT_EQ(ended.code, 0) << ended.output << ended.error;
  EXPECT_TRUE(test::says(ended.output, "without it less evidence is kept"));
}

TEST_F(PlanTest, SaysWhatIsInTheWay) {
  const auto ended = plan({"--set=kubernetes.services=[gone]"});
  EXPECT_EQ(ended.code, 3) << ended.output << ended.error;
  EXPECT_TRUE(test::says(ended.output, "'gone', which kubernetes.services names, is not there"));
}

}  // namespace
}  // namespace baton::cutover
