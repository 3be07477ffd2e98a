// The verb over a playground and a real Prometheus with a day of its history.
#include "tools/watch/calibrate.h"

#include <gtest/gtest.h>

#include "common/config/sections/run.h"
#include "common/judge/calibration.h"
#include "tests/common/judge/history.h"
#include "tests/sandbox/fixture.h"
#include "tests/support/env_scene.h"
#include "tests/support/prometheus.h"
#include "tests/support/refusal.h"
#include "tools/watch/calibration_text.h"

namespace baton::watch {
namespace {

using namespace std::chrono_literals;
using judge::test::Episode;

const Episode kQuiet{.length = 1h, .errors = 0.5};

/// So many hours before the scene begins; `bursts` are hours before it in which errors came.
std::vector<Episode> hours(int count, const std::vector<int>& bursts = {}) {
  std::vector<Episode> all;
  for (int hour = count; hour > 0; --hour) {
    const bool is_bad = std::ranges::find(bursts, hour) != bursts.end();
    all.push_back({.length = is_bad ? 10min : 1h, .errors = is_bad ? 20 : 0.5});
    if (is_bad) all.push_back({.length = 50min, .errors = 0.5});
  }
  return all;
}

class CalibratedWorld {
 public:
  explicit CalibratedWorld(int known, const std::vector<int>& bursts = {})
      : store_(judge::test::openmetrics({{.pod = "myapp-7d9f8b6c5d-x2",
                                          .from = *parse_rfc3339("2026-03-01T12:00:00Z") - known * 1h,
                                          .episodes = hours(known, bursts),
                                          .scraped_every = 60s}})),
        scene_("metrics: {prometheus: '" + store_.url() +
               "'}\nkubernetes: {namespace: production, service: myapp}\nwatch: {step: 60s}") {
    scene_.loaded.values.app = "myapp";
    scene_.environment = Environment({{"KUBECONFIG", playground_.kubeconfig()}});
  }

  StepResult calibrated() { return calibrate({.history = "24h", .file = file().string()}, scene_.env); }
  fs::path file() const { return scene_.folder.path() / "calibration.json"; }

  test::Playground playground_;
  test::PrometheusServer store_;
  test::EnvScene scene_;
};

TEST(CalibrateVerb, AQuietDayProceedsAndLeavesTheFileForPrecheck) {
  CalibratedWorld world(26);
  const auto result = world.calibrated();
  EXPECT_EQ(exit_code(result.verdict), ExitCode::proceed) << result.summary;
  EXPECT_EQ(result.verdict, Verdict::proceed) << result.summary;
  const auto made = judge::calibration_from_text(read_file(world.file()), "calibration.json");
  EXPECT_EQ(made.app, "myapp");
  EXPECT_EQ(made.namespace_, "production");
  EXPECT_EQ(made.judged(), 12U);
  EXPECT_EQ(to_rfc3339(made.from), "2026-02-28T12:00:00Z");
  EXPECT_EQ(to_rfc3339(made.made_at), "2026-03-01T12:00:00Z");
  EXPECT_TRUE(judge::changes(made, world.scene_.env.config).empty());
  EXPECT_EQ(to_text(result.record["calibration"]), to_text(judge::to_json(made)));
  for (const auto* line : {"myapp in production: 12 windows of 2h from 2026-02-28T12:00:00Z", ", 12 judged.",
                           "error-rate-critical            12         0  0.0 [0.0, 26.5]",
                           "Error Rate               rolled back  +6 points in 12 of 12", "Written to "})
    EXPECT_NE(result.summary.find(line), std::string::npos) << line << "\n" << result.summary;
  EXPECT_EQ(result.summary.find("Each breach"), std::string::npos) << result.summary;
  EXPECT_EQ(result.summary.find("could not be judged"), std::string::npos) << result.summary;
}

TEST(CalibrateVerb, OneBurstIsACautionWithItsTimeAndTwoStop) {
  CalibratedWorld once(26, {5});
  const auto caution = once.calibrated();
  EXPECT_EQ(caution.verdict, Verdict::caution) << caution.summary;
  EXPECT_NE(caution.summary.find("  2026-03-01T07:0"), std::string::npos) << caution.summary;
  CalibratedWorld twice(26, {5, 9});
  const auto stop = twice.calibrated();
  EXPECT_EQ(exit_code(stop.verdict), ExitCode::stop) << stop.summary;
  EXPECT_TRUE(fs::exists(twice.file())) << "precheck is to know it";
  const auto bad = std::ranges::find(stop.findings, "error-rate-critical", &Finding::id);
  ASSERT_NE(bad, stop.findings.end());
  EXPECT_EQ(bad->outcome, Outcome::fail);
  EXPECT_EQ(bad->message, "in 2 of 12 windows it would have rolled back; 95 % interval 2.1 to 48.4 %");
  EXPECT_FALSE(bad->recovery.empty());
}

TEST(CalibrateVerb, TooFewWindowsAreUnknownAndLeaveAnOlderFileAlone) {
  CalibratedWorld world(10);
  write_file(world.file(), "older");
  const auto result = world.calibrated();
  EXPECT_EQ(exit_code(result.verdict), ExitCode::unknown) << result.summary;
  EXPECT_EQ(read_file(world.file()), "older");
  EXPECT_EQ(result.findings.front().observed, Measured(4, "windows"));
  EXPECT_NE(result.summary.find("8 of 12 windows could not be judged:\n  2026-02-28T12:00:00Z  7 windows: no baseline"),
            std::string::npos)
      << result.summary;
}

TEST(CalibrateVerb, AStoreThatIsAwayIsUnknownWithItsReason) {
  CalibratedWorld world(1);
  world.scene_.loaded = load_config({.text = "app: myapp\nmetrics: {prometheus: 'http://127.0.0.1:1'}\n"
                                             "kubernetes: {namespace: production, service: myapp}\n"},
                                    Environment{});
  const auto result = world.calibrated();
  EXPECT_EQ(exit_code(result.verdict), ExitCode::unknown) << result.summary;
  EXPECT_NE(result.findings.front().message.find("127.0.0.1:1"), std::string::npos) << result.findings.front().message;
  EXPECT_FALSE(fs::exists(world.file()));
}

TEST(CalibrateVerb, ADryRunWritesNothing) {
  CalibratedWorld world(26);
  world.scene_.loaded.values.run().dry_run = true;
  const auto result = world.calibrated();
  EXPECT_EQ(result.verdict, Verdict::proceed);
  EXPECT_FALSE(fs::exists(world.file()));
  EXPECT_NE(result.summary.find("Would be written to"), std::string::npos);
}

TEST(CalibrateVerb, NobodyWhoServesIsUnknownAndNoStop) {
  CalibratedWorld world(1);
  world.playground_.client(world.scene_.clock)
      .merge_patch(kube::kDeployments, "myapp", Json::object({{"spec", Json::object({{"replicas", 0}})}}));
  world.playground_.await_rollout("myapp");
  const auto error = test::error_of([&] { world.calibrated(); });
  EXPECT_EQ(error.code(), ExitCode::unknown) << error.what();
}

TEST(CalibrateVerb, AHistoryIsADurationThatHoldsADozenWindows) {
  test::EnvScene scene;
  const auto refused = [&](const std::string& history) {
    return test::error_of([&] { calibrate({.history = history}, scene.env); });
  };
  EXPECT_EQ(refused("two weeks").code(), ExitCode::usage);
  const auto short_one = refused("23h59m");
  EXPECT_EQ(short_one.code(), ExitCode::usage);
  EXPECT_STREQ(short_one.what(), "--history 23h59m holds fewer than 12 windows of 2h");
}

TEST(CalibrationText, ARuleThatWasNeverJudgedIsNotClean) {
  judge::Calibration made{.windows = 12, .rules = {{.rule = "cpu-critical", .is_critical = true}}};
  made.detections = {{.metric = "cpu", .is_critical = true, .found = {{"+10 points", 0}}}};
  const auto text = calibration_text(made);
  EXPECT_NE(text.find("cpu-critical                    0         0  never judged"), std::string::npos) << text;
  EXPECT_NE(text.find("CPU                      rolled back  never judged"), std::string::npos) << text;
  EXPECT_EQ(decide(findings_of(made)), Verdict::caution);
}

// 1 of 100 is 1 %, 1 of 99 more; 5 of 100 reach down to 1.6 %.
TEST(CalibrationText, OnePercentIsAllowedAndWhatIsBeyondDoubtStops) {
  const auto verdict = [](std::size_t breached, long long windows) {
    judge::RuleTally tally{.rule = "cpu-critical", .is_critical = true, .windows = windows};
    tally.breaches.resize(breached);
    return decide(findings_of({.windows = 100, .rules = {tally}}));
  };
  EXPECT_EQ(verdict(1, 100), Verdict::proceed);
  EXPECT_EQ(verdict(1, 99), Verdict::caution);
  EXPECT_EQ(verdict(3, 100), Verdict::caution);
  EXPECT_EQ(verdict(4, 100), Verdict::stop);
}

}  // namespace
}  // namespace baton::watch
