// Four releases within one watch's window, and then what the first three of them still had to do, late and in any
// order: none of it touches what serves by now, or its way back.
#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "tests/switch/runner.h"

namespace baton::cutover {
namespace {

struct Late {
  std::string tool;
  std::string verb;
  std::string version;
};

std::vector<Late> duties_of(const std::vector<std::string>& versions) {
  std::vector<Late> all;
  for (const auto& version : versions) {
    all.push_back({"baton-watch", "tick", version});
    all.push_back({"baton-finalize", "run", version});
  }
  return all;
}

/// All that it is due to do is due at once.
Ended run_late(Runner& runner, const Late& late) {
  return runner.run_tool(
      late.tool, late.verb,
      {"--release=" + late.version, "--dir=" + (runner.folder.path() / late.version).string(),
       "--set=precheck.not_applicable={metrics: a test}", "--set=finalize={scale_down_after: 0s, delete_after: 0s}",
       "--set=watch.intensive={for: 0s, every: 1s}", "--set=watch.passive={for: 0s, every: 1s}"});
}

TEST(LateTest, DutiesOfEarlierReleasesTouchNothingThatServesOrIsGoneBackTo) {
  Runner runner;
  const std::vector<std::string> earlier{"v1.6.0", "v1.6.1", "v1.6.2"};
  for (const auto& version : earlier) {
    runner.playground.set_fault(version);
    ASSERT_EQ(runner.release_from(version, version).code, 0) << version;
  }
  runner.playground.set_fault("v1.7.0");
  ASSERT_EQ(runner.release_from("v1.7.0", "v1.7.0").code, 0);
  const auto stands = runner.standing();
  const auto seed = std::random_device{}();
  auto duties = duties_of(earlier);
  std::ranges::shuffle(duties, std::mt19937(seed));
  for (const auto& late : duties) {
    const auto ended = run_late(runner, late);
    EXPECT_NE(ended.output.find("newer"), std::string::npos) << ended.output << ended.error;
    EXPECT_EQ(runner.standing(), stands) << late.tool << " of " << late.version << ", seed " << seed << ended.output;
  }
}

// The record is still this release's, and so is the name.
TEST(LateTest, ADeploymentThatSomebodyMadeAnewUnderTheOldNameIsLeftAlone) {
  for (const bool is_new : {false, true}) {
    Runner runner;
    runner.playground.set_fault("v1.6.0");
    ASSERT_EQ(runner.release_from("v1.6.0", "v1.6.0").code, 0);
    if (is_new) {
      const auto spec = runner.kube.get(kube::kDeployments, "myapp")["spec"];
      runner.kube.remove(kube::kDeployments, "myapp");
      runner.kube.create(kube::kDeployments,
                         Json::object({{"metadata", Json::object({{"name", "myapp"}})}, {"spec", spec}}));
      runner.playground.await_rollout("myapp");
    }
    const auto watched = run_late(runner, {"baton-watch", "run", "v1.6.0"});
    EXPECT_EQ(runner.replicas("myapp"), is_new ? 2 : 1) << watched.output << watched.error;
  }
}

}  // namespace
}  // namespace baton::cutover
