// baton-switch run with switch.strategy: canary, by the weights of an HTTPRoute.
#include <gtest/gtest.h>

#include <thread>

#include "common/core/text.h"
#include "tests/sandbox/load.h"
#include "tests/support/refusal.h"
#include "tests/switch/runner.h"

namespace baton::cutover {
namespace {

using namespace std::chrono_literals;

constexpr const char* kRoute = R"({apiVersion: gateway.networking.k8s.io/v1, kind: HTTPRoute, metadata: {name: myapp},
  spec: {parentRefs: [{name: gate}], rules: [{backendRefs: [{group: "", kind: Service, name: myapp, port: 8080, weight: 1}]}]}})";

const kube::Resource kRoutes = kube::kHttpRoutes;

std::vector<std::string> by_route(Runner& runner, const std::string& steps, const std::string& hold = "1s") {
  runner.playground.create(kRoute);
  std::string url;
  while ((url = runner.playground.sandbox().gateway_url("myapp")).empty()) runner.clock.sleep_for(10ms, {});
  return {"--set=switch.strategy=canary",
          "--set=switch.canary={steps: " + steps + ", hold: " + hold + ", traffic: gateway-api}",
          "--set=switch.public=[" + url + "/health]"};
}

Json rules(Runner& runner) { return runner.kube.get(kRoutes, "myapp")["spec"]["rules"]; }

TEST(CanaryRouteTest, GivesSharesByWeightsAndTheRouteBackAsItWas) {
  Runner runner({.replicas = 2});
  runner.playground.set_fault("v1.6.0");
  auto options = by_route(runner, "[10%, 50%, 100%]");
  const auto before = rules(runner);
  sandbox::LoadCounts counts;
  std::jthread load([&](std::stop_token stop) {
    counts = sandbox::run_load(
        {.url = runner.playground.sandbox().gateway_url("myapp") + "/api/users", .rps = 100, .lasting = 60s}, stop);
  });
  const auto ended = runner.release("v1.6.0", options);
  load.request_stop();
  load.join();
  EXPECT_EQ(ended.code, 0) << ended.output << ended.error;
  EXPECT_EQ(runner.selector(), kGreen);
  EXPECT_EQ(rules(runner), before);
  EXPECT_TRUE(runner.kube.get(kRoutes, "myapp")["metadata"]["annotations"].find("baton/backends") == nullptr);
  EXPECT_FALSE(runner.kube.find(kube::kServices, "myapp-green"));
  std::vector<double> shares;
  const auto handoff = runner.handoff();
  for (const auto& finding : handoff["findings"].items())
    if (finding["id"].string() == "canary-share") shares.push_back(std::stod(finding["observed"].string()));
  ASSERT_EQ(shares.size(), 2U);
  EXPECT_NEAR(shares[0], 10, 6);
  EXPECT_NEAR(shares[1], 50, 10);
  EXPECT_EQ(counts.failed, 0U) << counts.first_failure;
}

TEST(CanaryRouteTest, WhileItWaitsTheServiceServesTheOldColourAloneAndARollbackTakesTheWeightAway) {
  Runner runner({.replicas = 2});
  runner.playground.set_fault("v1.6.0");
  const auto options = by_route(runner, "[25%, 100%]");
  const auto before = rules(runner);
  ASSERT_EQ(runner.release("v1.6.0", with(options, {"--until=25%"})).code, 75);
  EXPECT_EQ(runner.selector(), kBlue);
  EXPECT_EQ(to_text(rules(runner).items().front()["backendRefs"].items().back()),
            R"({"group":"","kind":"Service","name":"myapp-green","port":8080,"weight":25})");
  const auto ended = runner.run("rollback", {options.back()});
  EXPECT_EQ(ended.code, 0) << ended.output << ended.error;
  EXPECT_EQ(rules(runner), before);
  EXPECT_EQ(runner.replicas("myapp-green"), 0);
  EXPECT_FALSE(runner.kube.find(kube::kServices, "myapp-green"));
}

TEST(CanaryRouteTest, TestersHaveARuleOfTheirOwnUntilTheEnd) {
  Runner runner({.replicas = 2});
  runner.playground.set_fault("v1.6.0");
  auto options = by_route(runner, "[25%, 50%, 100%]");
  options.emplace_back("--set=switch.canary.testers=['X-Tester: yes', 'Cookie: tester=yes']");
  const auto before = rules(runner);
  ASSERT_EQ(runner.release("v1.6.0", with(options, {"--until=50%"})).code, 75);
  ASSERT_EQ(rules(runner).size(), 2U) << "one for both shares";
  const auto own = rules(runner).items().back();
  EXPECT_EQ(to_text(own["matches"]),
            R"([{"headers":[{"name":"X-Tester","value":"yes"}]},)"
            R"({"headers":[{"type":"RegularExpression","name":"Cookie","value":"(.*; *)?tester=yes(;.*)?"}]}])");
  EXPECT_EQ(to_text(own["backendRefs"]),
            R"([{"group":"","kind":"Service","name":"myapp-green","port":8080,"weight":1}])");
  EXPECT_EQ(runner.run("rollback", {options[2]}).code, 0);
  EXPECT_EQ(rules(runner), before);
  EXPECT_EQ(runner.release("v1.6.0", with(options, {"--retry-failed-digest"})).code, 0);
  EXPECT_EQ(rules(runner), before);
  EXPECT_EQ(runner.selector(), kGreen);
}

TEST(CanaryRouteTest, TestersAreNamedByOneHeaderOrOneCookie) {
  Runner runner;
  for (const auto* bad : {"X-Tester", "X-Tester: ", ": yes", "Cookie: tester", "Cookie: =yes", "X-T: .*"}) {
    const auto ended = runner.release("v1.6.0", {std::string("--set=switch.canary.testers=['") + bad + "']"});
    EXPECT_EQ(ended.code, 2) << bad << ended.output;
  }
}

TEST(CanaryRouteTest, TestersNeedARoute) {
  Runner runner;
  runner.playground.set_fault("v1.6.0");
  const auto before = runner.writable_state();
  const auto ended =
      runner.release("v1.6.0", {"--set=switch.strategy=canary", "--set=switch.canary.testers=['X-Tester: yes']"});
  EXPECT_EQ(ended.code, 3) << ended.output << ended.error;
  EXPECT_TRUE(test::says(ended.output, "told apart by an HTTPRoute alone"));
  EXPECT_EQ(runner.writable_state(), before);
}

TEST(CanaryRouteTest, AReleaseThatIsBadAtItsFirstShareIsTakenBack) {
  Runner runner({.replicas = 2});
  runner.playground.set_fault("v1.6.0", "crash-loop after=2s");
  const auto options = by_route(runner, "[25%, 100%]", "20s");
  const auto before = rules(runner);
  const auto ended = runner.release("v1.6.0", options);
  EXPECT_EQ(ended.code, 4) << ended.output << ended.error;
  EXPECT_EQ(rules(runner), before);
  EXPECT_EQ(runner.selector(), kBlue);
}

TEST(CanaryRouteTest, APolicyThatSaysNoToTheFirstShareLeavesAllAsItWas) {
  Runner runner({.replicas = 2});
  runner.playground.set_fault("v1.6.0");
  const auto options = by_route(runner, "[25%, 100%]");
  const auto before = rules(runner);
  runner.playground.sandbox().access().set_policy("routes are frozen", "HTTPRoute", "myapp-green");
  const auto ended = runner.release("v1.6.0", options);
  EXPECT_EQ(ended.code, 3) << ended.output << ended.error;
  EXPECT_EQ(rules(runner), before);
  EXPECT_EQ(runner.selector(), kOriginal) << "as it was before colours";
  EXPECT_EQ(runner.replicas("myapp-green"), 0);
}

// Nobody could say who gets which share of a rule that is shared already, or of a route to somewhere else.
TEST(CanaryRouteTest, ARouteThatCannotShareIsRefusedBeforeAnything) {
  for (const auto* backends : {"[{name: other, port: 8080}]",
                               "[{name: myapp, port: 8080, weight: 9}, {name: other, port: 8080, weight: 1}]"}) {
    Runner runner;
    runner.playground.set_fault("v1.6.0");
    runner.playground.create(std::string("{apiVersion: gateway.networking.k8s.io/v1, kind: HTTPRoute, metadata: {name: "
                                         "myapp}, spec: {parentRefs: [{name: gate}], rules: [{backendRefs: ") +
                             backends + "}]}}");
    const auto before = runner.writable_state();
    const auto ended =
        runner.release("v1.6.0", {"--set=switch.strategy=canary", "--set=switch.canary={traffic: gateway-api}"});
    EXPECT_EQ(ended.code, 3) << ended.output << ended.error;
    EXPECT_EQ(runner.writable_state(), before);
  }
}

TEST(CanaryRouteTest, ARouteThatIsNotThereIsRefusedBeforeAnything) {
  Runner runner;
  runner.playground.set_fault("v1.6.0");
  const auto before = runner.writable_state();
  const auto ended =
      runner.release("v1.6.0", {"--set=switch.strategy=canary", "--set=switch.canary={traffic: gateway-api}"});
  EXPECT_EQ(ended.code, 3) << ended.output << ended.error;
  EXPECT_TRUE(test::says(ended.output, "HTTPRoute 'myapp': it is not there"));
  EXPECT_EQ(runner.writable_state(), before);
}

}  // namespace
}  // namespace baton::cutover
