// Pods of a workload, as much of them as is asked for.
#include "common/rollout/pods.h"

#include <gtest/gtest.h>

#include <atomic>
#include <memory>

#include "tests/common/rollout/ground.h"
#include "tests/sandbox/refusal.h"

namespace baton::rollout {
namespace {

class PodsTest : public testing::Test {
 protected:
  Ground ground_{{.replicas = 3, .page_size = 1}};
  Context context_ = ground_.context();

  Json one(PodDetail detail) { return owned_pods(context_, ground_.deployment("myapp"), detail).at(0); }
};

const Json& container_in(const Json& pod) { return pod["spec"]["containers"].items().at(0); }

TEST_F(PodsTest, HoldAsMuchAsIsAskedFor) {
  const auto lean = one(PodDetail::lean);
  EXPECT_TRUE(container_in(lean)["resources"].is_null());
  EXPECT_FALSE(container_in(lean)["readinessProbe"].is_null()) << "the app's port is found by it";
  EXPECT_TRUE(serves(lean));
  EXPECT_FALSE(container_in(one(PodDetail::sized))["resources"].is_null());
  EXPECT_FALSE(container_in(one(PodDetail::whole))["resources"].is_null());
}

TEST_F(PodsTest, OfTheOtherColourAreNotAskedForThoughTheSelectorMatchesThem) {
  ground_.release("v1.6.0");
  const auto lists = std::make_shared<std::atomic<int>>(0);
  ground_.playground.sandbox().set_witness([=](const sandbox::Question& question, sandbox::Moment moment) {
    if (moment == sandbox::Moment::before && question.path.ends_with("/pods")) ++*lists;
    return true;
  });
  EXPECT_EQ(owned_pods(context_, ground_.deployment("myapp")).size(), 3U);
  EXPECT_EQ(*lists, 3) << "a page of one for each, and none for the green ones";
}

TEST_F(PodsTest, AreCountedAnewWhenThePagesExpired) {
  const auto further = std::make_shared<std::atomic<int>>(0);
  ground_.playground.sandbox().set_witness([=](const sandbox::Question& question, sandbox::Moment moment) {
    if (moment == sandbox::Moment::after || question.parameter("continue").empty()) return true;
    if (++*further == 2) throw sandbox::Refusal(410, "Expired", "the continue parameter is too old");
    return true;
  });
  int begun = 0;
  std::vector<std::string> names;
  visit_pods(
      context_, ground_.deployment("myapp"),
      {.begin = [&] { ++begun, names.clear(); }, .take = [&](const Json& pod) { names.push_back(name_of(pod)); }});
  EXPECT_EQ(begun, 2);
  EXPECT_EQ(names.size(), 3U);
  EXPECT_EQ(owned_pods(context_, ground_.deployment("myapp")).size(), 3U);
}

}  // namespace
}  // namespace baton::rollout
