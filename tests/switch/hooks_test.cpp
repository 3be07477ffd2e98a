// hooks: who is asked before a stage, told after it, and told before a rollback.
#include <gtest/gtest.h>

#include "common/core/text.h"
#include "common/io/files.h"
#include "tests/support/http_server.h"
#include "tests/support/refusal.h"
#include "tests/switch/runner.h"

namespace baton::cutover {
namespace {

using namespace std::chrono_literals;

class HooksTest : public testing::Test {
 protected:
  HooksTest() { runner_.playground.set_fault("v1.6.0"); }

  Ended release(std::vector<std::string> more) { return runner_.release("v1.6.0", more); }

  /// What commands of `note()` wrote, a line each.
  std::vector<std::string> notes() {
    auto lines = split(read_file_if_exists(runner_.folder.path() / "notes").value_or(""), '\n');
    lines.pop_back();
    return lines;
  }

  static std::string note() { return "echo $BATON_HOOK_EVENT $BATON_HOOK_STAGE >> notes"; }

  Json finding(std::string_view id) {
    const auto handoff = runner_.handoff();
    for (const auto& one : handoff["findings"].items())
      if (one["id"].string() == id) return one;
    return Json::object();
  }

  const std::vector<std::string> canary_{"--set=switch.strategy=canary",
                                         "--set=switch.canary={steps: [25%, 50%, 100%], hold: 1s}"};
  Runner runner_{{.replicas = 3}};
};

TEST_F(HooksTest, AreCalledAroundEveryStageInItsOrder) {
  const auto ended = release(
      with(canary_, {"--set=hooks.before_stage=['" + note() + "']", "--set=hooks.after_stage=['" + note() + "']",
                     "--set=hooks.before_rollback=['" + note() + "']"}));
  EXPECT_EQ(ended.code, 0) << ended.output << ended.error;
  EXPECT_EQ(notes(), (std::vector<std::string>{"before_stage 25%", "after_stage 25%", "before_stage 50%",
                                               "after_stage 50%", "before_stage 100%", "after_stage 100%"}));
  EXPECT_EQ(finding("hook-before-stage")["outcome"].string_or(""), "pass");
}

TEST_F(HooksTest, ACommandIsToldOnStdinAndByVariables) {
  const auto ended =
      release({"--set=hooks.before_stage=['cat > told; env | grep ^BATON_HOOK_ > variables; echo seen']"});
  EXPECT_EQ(ended.code, 0) << ended.output << ended.error;
  const auto told = parse_json(read_file(runner_.folder.path() / "told"), "told");
  EXPECT_EQ(told["event"].string(), "before_stage");
  EXPECT_EQ(told["stage"].string(), "100%");
  EXPECT_EQ(told["app"].string(), "myapp");
  EXPECT_EQ(told["version"].string(), "v1.6.0");
  EXPECT_EQ(told["namespace"].string(), "production");
  EXPECT_EQ(told["colour"].string(), "green");
  EXPECT_EQ(told["deployment"].string(), "myapp-green");
  EXPECT_EQ(told["previous_deployment"].string(), "myapp");
  EXPECT_TRUE(told["digest"].string().starts_with("sha256:"));
  EXPECT_EQ(told["id"].string(), runner_.handoff()["state"]["move"]["id"].string());
  const auto variables = read_file(runner_.folder.path() / "variables");
  EXPECT_TRUE(test::says(variables, "BATON_HOOK_PREVIOUS_DEPLOYMENT=myapp\n"));
  EXPECT_EQ(to_text(finding("hook-before-stage")["log"]), R"(["seen"])");
}

TEST_F(HooksTest, AServerIsToldByPostWithItsToken) {
  test::HttpServer server([](const test::Received&) { return test::Answer{.body = "thanks"}; });
  const auto ended = release(
      {"--set=hooks.after_stage=[{url: '" + server.url() + "/stage', token: s3cretToken, headers: {X-Team: a}}]"});
  EXPECT_EQ(ended.code, 0) << ended.output << ended.error;
  const auto received = server.received();
  ASSERT_EQ(received.size(), 1U);
  EXPECT_EQ(received[0].method, "POST");
  EXPECT_EQ(received[0].header("Authorization"), "Bearer s3cretToken");
  EXPECT_EQ(received[0].header("X-Team"), "a");
  EXPECT_TRUE(received[0].header("Idempotency-Key").ends_with("/after_stage/100%"));
  EXPECT_EQ(parse_json(received[0].body, "body")["event"].string(), "after_stage");
}

TEST_F(HooksTest, ANoBeforeAnyTrafficStopsWithTheHooksOwnWords) {
  const auto ended =
      release({"--set=hooks.before_stage=['echo the freeze lasts until Monday; exit 1', '" + note() + "']"});
  EXPECT_EQ(ended.code, 3) << ended.output << ended.error;
  EXPECT_TRUE(test::says(ended.output, "exit 1, and it says: the freeze lasts until Monday"));
  EXPECT_EQ(runner_.selector(), kOriginal);
  EXPECT_EQ(runner_.replicas("myapp-green"), 0);
  EXPECT_TRUE(runner_.handoff()["findings"].is_array());
  EXPECT_FALSE(read_file_if_exists(runner_.folder.path() / "notes")) << "nobody else is asked";
}

TEST_F(HooksTest, OneThatIsLateSaysNo) {
  const auto ended = release({"--set=hooks.before_stage=[{run: sleep 60, deadline: 1s}]"});
  EXPECT_EQ(ended.code, 3) << ended.output << ended.error;
  EXPECT_TRUE(test::says(ended.output, "did not end within 1 s"));
  EXPECT_EQ(runner_.selector(), kOriginal);
}

TEST_F(HooksTest, ANoOnceUsersAreThereTakesTheShareBack) {
  const auto ended = release(with(canary_, {"--set=hooks.before_stage=['test $BATON_HOOK_STAGE != 50%']",
                                            "--set=hooks.before_rollback=['" + note() + "']"}));
  EXPECT_EQ(ended.code, 4) << ended.output << ended.error;
  EXPECT_TRUE(test::says(ended.output, "Hook before_stage 50%"));
  EXPECT_EQ(runner_.selector(), kBlue);
  EXPECT_EQ(runner_.replicas("myapp-green"), 0);
  EXPECT_EQ(notes(), std::vector<std::string>{"before_rollback 25%"});
}

TEST_F(HooksTest, ANoAfterTheLastStageTakesItBack) {
  const auto ended = release({"--set=hooks.after_stage=['exit 3']"});
  EXPECT_EQ(ended.code, 4) << ended.output << ended.error;
  EXPECT_TRUE(test::says(ended.output, "exit 3"));
  EXPECT_EQ(runner_.selector(), kBlue);
}

TEST_F(HooksTest, NoneHoldsARollbackUp) {
  ASSERT_EQ(release({}).code, 0);
  const auto begun = runner_.clock.monotonic();
  const auto ended = runner_.run(
      "rollback",
      {"--reason=test", "--set=hooks.before_rollback=['exit 1', 'trap \"\" TERM; sleep 60', '" + note() + "']"});
  EXPECT_EQ(ended.code, 0) << ended.output << ended.error;
  EXPECT_EQ(runner_.selector(), kBlue);
  EXPECT_EQ(notes(), std::vector<std::string>{"before_rollback 100%"}) << "the others are told all the same";
  EXPECT_LT(runner_.clock.monotonic() - begun, 40s);
}

TEST_F(HooksTest, OfARollingUpdateStandBeforeAndAfterAllOfIt) {
  const auto image = runner_.image("myapp");
  const std::string rolling = "--set=switch.strategy=rolling";
  const auto stopped = release({rolling, "--set=hooks.before_stage=['exit 1']"});
  EXPECT_EQ(stopped.code, 3) << stopped.output << stopped.error;
  EXPECT_EQ(runner_.image("myapp"), image);
  EXPECT_EQ(runner_.replicas("myapp"), 3);
  const auto ended = release(
      {rolling, "--set=hooks.before_stage=['" + note() + "']", "--set=hooks.after_stage=['" + note() + "', 'exit 1']"});
  EXPECT_EQ(ended.code, 4) << ended.output << ended.error;
  EXPECT_EQ(notes(), (std::vector<std::string>{"before_stage 100%", "after_stage 100%"}));
  EXPECT_EQ(runner_.image("myapp"), image);
}

TEST_F(HooksTest, PlanAndDryRunListThemAndCallNone) {
  const std::vector<std::string> options{"--release=v1.6.0", "--set=hooks.before_stage=['" + note() + "']",
                                         "--set=hooks.before_rollback=[https://u:geheim@hooks.example.com/x]"};
  const auto plan = runner_.run("plan", options);
  EXPECT_EQ(plan.code, 0) << plan.output << plan.error;
  EXPECT_TRUE(test::says(plan.output, "before each stage"));
  EXPECT_TRUE(test::says(plan.output, note()));
  EXPECT_TRUE(test::says(plan.output, "https://u:***@hooks.example.com/x"));
  const auto dry = runner_.run("run", with(options, {"--dry-run"}));
  EXPECT_EQ(dry.code, 0) << dry.output << dry.error;
  EXPECT_TRUE(test::says(dry.output, note()));
  EXPECT_FALSE(read_file_if_exists(runner_.folder.path() / "notes"));
}

}  // namespace
}  // namespace baton::cutover
