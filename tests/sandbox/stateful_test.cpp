// StatefulSets and DaemonSets of the playground.
#include <gtest/gtest.h>

#include <functional>
#include <set>

#include "tests/sandbox/fixture.h"

namespace baton::test {
namespace {

using namespace std::chrono_literals;

class StatefulTest : public testing::Test {
 protected:
  explicit StatefulTest(const char* kind = "StatefulSet") : playground_({.replicas = 3, .kind = kind}) {}

  void set_image(const kube::Resource& kind, const std::string& version) {
    kube_.json_patch(kind, "myapp",
                     Json::array({Json::object({{"op", "replace"},
                                                {"path", "/spec/template/spec/containers/0/image"},
                                                {"value", playground_.image() + ":" + version}})}));
  }
  std::set<std::string> names_of(const std::string& version) {
    std::set<std::string> names;
    for (const auto& pod : kube_.list(kube::kPods)) {
      const auto& image = pod["spec"]["containers"].items().front()["image"].string();
      if (image.ends_with(":" + version)) names.insert(pod["metadata"]["name"].string());
    }
    return names;
  }
  Json status() { return kube_.get(kube::kStatefulSets, "myapp")["status"]; }
  bool eventually(const std::function<bool()>& is_so) {
    for (int left = 200; left > 0; --left) {
      if (is_so()) return true;
      clock_.sleep_for(50ms, {});
    }
    return false;
  }

  SystemClock clock_;
  Playground playground_;
  kube::Client kube_ = playground_.client(clock_);
};

TEST_F(StatefulTest, PodsHaveNumbersAndAreReplacedFromTheHighest) {
  EXPECT_EQ(names_of("v1.5.0"), (std::set<std::string>{"myapp-0", "myapp-1", "myapp-2"}));
  EXPECT_EQ(status()["currentRevision"], status()["updateRevision"]);
  playground_.set_fault("v1.6.0");
  set_image(kube::kStatefulSets, "v1.6.0");
  EXPECT_TRUE(eventually([&] { return names_of("v1.6.0") == std::set<std::string>{"myapp-2"}; }));
  playground_.await_rollout("myapp");
  EXPECT_EQ(names_of("v1.6.0").size(), 3U);
  EXPECT_TRUE(eventually([&] { return status()["currentRevision"] == status()["updateRevision"]; }));
  EXPECT_EQ(status()["updatedReplicas"].integer(), 3);
}

// What a real controller does, and why a rollback has to delete the pod.
TEST_F(StatefulTest, APodThatNeverGetsReadyIsKeptWhenTheImageGoesBack) {
  playground_.set_fault("v1.6.0", "never-ready");
  set_image(kube::kStatefulSets, "v1.6.0");
  ASSERT_TRUE(eventually([&] { return names_of("v1.6.0") == std::set<std::string>{"myapp-2"}; }));
  EXPECT_NE(status()["currentRevision"], status()["updateRevision"]);
  set_image(kube::kStatefulSets, "v1.5.0");
  clock_.sleep_for(1s, {});
  EXPECT_EQ(names_of("v1.6.0"), std::set<std::string>{"myapp-2"});
  kube_.remove(kube::kPods, "myapp-2");
  EXPECT_TRUE(eventually([&] { return names_of("v1.5.0").size() == 3; }));
}

TEST_F(StatefulTest, OnlyItsTemplateAndItsPaceCanBeChanged) {
  const auto patch = parse_json(R"({"spec":{"podManagementPolicy":"Parallel"}})", "test");
  try {
    kube_.merge_patch(kube::kStatefulSets, "myapp", patch);
    FAIL() << "taken";
  } catch (const kube::ApiError& error) {
    EXPECT_EQ(error.status(), 422) << error.what();
  }
  kube_.merge_patch(kube::kStatefulSets, "myapp", parse_json(R"({"spec":{"minReadySeconds":1}})", "test"));
}

class DaemonTest : public StatefulTest {
 protected:
  DaemonTest() : StatefulTest("DaemonSet") {}
};

TEST_F(DaemonTest, EveryNodeHasAPodAndOneIsReplacedAfterTheOther) {
  EXPECT_EQ(names_of("v1.5.0").size(), 2U);
  playground_.set_fault("v1.6.0", "never-ready");
  set_image(kube::kDaemonSets, "v1.6.0");
  ASSERT_TRUE(eventually([&] { return names_of("v1.6.0").size() == 1; }));
  clock_.sleep_for(500ms, {});
  EXPECT_EQ(names_of("v1.5.0").size(), 1U);
  set_image(kube::kDaemonSets, "v1.5.0");  // nobody has to delete anything
  EXPECT_TRUE(eventually([&] { return names_of("v1.5.0").size() == 2; }));
}

}  // namespace
}  // namespace baton::test
