// Four releases within one watch's window, and then what the first three of them still had to do, late and in any
// order: none of it touches what serves by now, or its way back.
#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "common/io/process.h"
#include "tests/support/places.h"
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

/// What users meet, and what they would go back to.
std::string standing(Runner& runner) {
  std::string text;
  for (const auto* kind : {&kube::kServices, &kube::kDeployments}) {
    for (const auto& object : runner.kube.list(*kind))
      text += to_text(object["metadata"]["uid"]) + to_text(object["metadata"]["annotations"]) +
              to_text(object["spec"]) + "\n";
  }
  return text;
}

/// All that it is due to do is due at once.
ProcessResult run_late(const Runner& runner, const Late& late) {
  const auto folder = (runner.folder.path() / late.version).string();
  auto argv = runner.command(late.verb, {"--release=" + late.version});
  argv.front() = (test::build_folder() / late.tool).string();
  *std::ranges::find_if(argv, [](const std::string& word) { return word.starts_with("--dir="); }) = "--dir=" + folder;
  argv.insert(argv.end(), {"--set=precheck.not_applicable={metrics: a test}",
                           "--set=finalize={scale_down_after: 0s, delete_after: 0s}",
                           "--set=watch.intensive={for: 0s, every: 1s}", "--set=watch.passive={for: 0s, every: 1s}"});
  return run_process(
      {.argv = argv,
       .environment = {{"KUBECONFIG", runner.playground.kubeconfig()}, {"HOME", runner.folder.path().string()}},
       .folder = runner.folder.path()});
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
  const auto stands = standing(runner);
  const auto seed = std::random_device{}();
  auto duties = duties_of(earlier);
  std::ranges::shuffle(duties, std::mt19937(seed));
  for (const auto& late : duties) {
    const auto ended = run_late(runner, late);
    EXPECT_NE(ended.output.find("newer"), std::string::npos) << ended.output << ended.error;
    EXPECT_EQ(standing(runner), stands) << late.tool << " of " << late.version << ", seed " << seed << ended.output;
  }
}

}  // namespace
}  // namespace baton::cutover
