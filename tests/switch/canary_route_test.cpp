// baton-switch run with switch.strategy: canary, by the weights of an HTTPRoute.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <thread>

#include "common/core/text.h"
#include "tests/sandbox/load.h"
#include "tests/support/prometheus.h"
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

/// A canary with users, whom a real metrics store sees.
class ComparedTest : public testing::Test {
 protected:
  ~ComparedTest() override { leave(); }

  /// The live pods have been asked for so long.
  void ask_for(Duration time) { runner_.clock.sleep_for(time, {}); }
  /// Its address is known before it listens.
  void await_gateway(const std::stop_token& stop) {
    HttpClient http({}, Environment(), runner_.clock);
    while (!stop.stop_requested()) {
      try {
        if (http.send({.url = runner_.playground.sandbox().gateway_url("myapp") + "/health"}).is_success()) return;
      } catch (const Error&) {
        runner_.clock.sleep_for(20ms, stop);
      }
    }
  }
  Ended release(std::string_view hold, const std::vector<std::string>& more = {}) {
    auto options = options_;
    options.push_back(fmt::format("--set=switch.canary.hold={}", hold));
    return runner_.release("v1.6.0", with(options, more));
  }
  std::string held() {
    const auto handoff = runner_.handoff();
    for (const auto& finding : handoff["findings"].items())
      if (finding["id"].string() == "canary-held") return finding["message"].string_or("");
    return "";
  }
  sandbox::LoadCounts leave() {
    users_.request_stop();
    if (users_.joinable()) users_.join();
    return counts_;
  }

  Runner runner_{{.replicas = 2}};
  test::PrometheusServer store_{runner_.playground.api_url().substr(std::string("http://").size()), "/sandbox/metrics"};
  std::vector<std::string> options_ =
      with(by_route(runner_, "[50%, 100%]"),
           {"--set=metrics.prometheus=" + store_.url(), "--set=watch.baseline=10s",
            "--set=switch.smoke=[{path: /health}]", "--set=switch.soak=5s", "--set=switch.soak_max=30s"});
  sandbox::LoadCounts counts_ = {};
  std::jthread users_{[this](std::stop_token stop) {
    await_gateway(stop);
    counts_ = sandbox::run_load(
        {.url = runner_.playground.sandbox().gateway_url("myapp") + "/api/users", .rps = 150, .lasting = 150s}, stop);
  }};
};

// Cold caches are no fault of the release: what is as young is as slow.
TEST_F(ComparedTest, ACanaryIsHeldAgainstAPodOfTheOldReleaseThatIsAsYoung) {
  for (const auto* version : {"v1.5.0", "v1.6.0"}) runner_.playground.set_fault(version, "latency=800ms until=25s");
  ask_for(40s);
  const auto ended = release("30s");
  EXPECT_EQ(ended.code, 0) << ended.output << ended.error;
  EXPECT_TRUE(test::says(held(), "compared with 'myapp-")) << held();
  EXPECT_EQ(runner_.replicas("myapp"), 2);
  EXPECT_EQ(runner_.selector(), kGreen);
  EXPECT_EQ(leave().failed, 0U) << counts_.first_failure;
}

TEST_F(ComparedTest, ACanaryThatIsSlowerThanItsControlIsTakenBackAndTheControlWithIt) {
  runner_.playground.set_fault("v1.6.0", "latency=800ms");
  ask_for(12s);
  const auto ended = release("60s");
  EXPECT_EQ(ended.code, 4) << ended.output << ended.error;
  EXPECT_TRUE(test::says(ended.output, "latency")) << ended.output;
  EXPECT_FALSE(test::says(ended.error, "Traffic switched to green")) << "before all of the traffic went over";
  EXPECT_EQ(runner_.replicas("myapp"), 2);
  EXPECT_EQ(runner_.selector(), kBlue);
  EXPECT_EQ(leave().failed, 0U) << counts_.first_failure;
}

// Whoever scales the live colour meanwhile has the last word on its size.
TEST_F(ComparedTest, ASizeThatSomebodyElseGaveTheOldColourStays) {
  runner_.playground.set_fault("v1.6.0");
  ask_for(12s);
  const auto waiting = release("8s", {"--until=50%"});
  ASSERT_EQ(waiting.code, 75) << waiting.output << waiting.error;
  EXPECT_EQ(runner_.replicas("myapp"), 3);
  runner_.playground.scale("myapp", 5);
  const auto ended = runner_.run("rollback", {"--reason=customers call"});
  EXPECT_EQ(ended.code, 0) << ended.output << ended.error;
  EXPECT_EQ(runner_.replicas("myapp"), 5);
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
  runner.playground.set_fault("v1.6.0", "crash-loop after=6s");
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
