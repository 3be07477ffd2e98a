// The step before: a release that went live since precheck looked is not silently replaced.
#include "common/handoff/handoff.h"

#include <gtest/gtest.h>

#include "tests/switch/runner.h"

namespace baton::cutover {
namespace {

void write_precheck(Runner& runner, const std::string& live) {
  const auto now = runner.clock.now();
  Handoff handoff{.step = "precheck",
                  .subject = {.name = runner.playground.image() + ":v1.6.0"},
                  .release = {.app = "myapp", .version = "v1.6.0", .environment = "production", .id = "id-1"},
                  .targets = {{.namespace_ = "production", .service = "myapp", .live = live}},
                  .verdict = Verdict::proceed};
  handoff.tool_name = "baton-precheck";
  handoff.tool_version = "0.1.0";
  handoff.started_at = now;
  handoff.finished_at = now;
  handoff.expires_at = now + std::chrono::hours(1);
  write_file(runner.folder.path() / ".baton" / "precheck.json", to_bytes(handoff));
}

TEST(HandoffTest, GoesOnWhenWhatPrecheckSawIsStillLive) {
  Runner runner;
  runner.playground.set_fault("v1.6.0");
  write_precheck(runner, "myapp@" + runner.playground.image() + ":v1.5.0");
  const auto ended = runner.release("v1.6.0", {"--standalone=false"});
  EXPECT_EQ(ended.code, 0) << ended.output << ended.error;
}

TEST(HandoffTest, StopsWithSevenWhenAnotherReleaseWentLiveSince) {
  Runner runner;
  runner.playground.set_fault("v1.6.0");
  write_precheck(runner, "myapp@" + runner.playground.image() + ":v1.4.0");
  const auto before = runner.writable_state();
  const auto ended = runner.release("v1.6.0", {"--standalone=false"});
  EXPECT_EQ(ended.code, 7) << ended.output << ended.error;
  EXPECT_NE(ended.error.find("another release went live since"), std::string::npos) << ended.error;
  EXPECT_EQ(runner.writable_state(), before);
}

TEST(HandoffTest, IsAskedForWithoutStandalone) {
  Runner runner;
  runner.playground.set_fault("v1.6.0");
  EXPECT_EQ(runner.release("v1.6.0", {"--standalone=false"}).code, 7);
}

}  // namespace
}  // namespace baton::cutover
