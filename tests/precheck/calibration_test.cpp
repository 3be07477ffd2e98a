// What precheck makes of a calibration: every way it may be of no use, and its figures.
#include "common/judge/calibration.h"

#include <gtest/gtest.h>

#include "common/config/sections/watch.h"
#include "tests/precheck/scene.h"

namespace baton::precheck {
namespace {

using namespace std::chrono_literals;

const Time kNow = *parse_rfc3339("2026-03-01T12:00:00Z");

judge::Calibration quiet() {
  return {.app = "shop",
          .namespace_ = "production",
          .from = kNow - 8 * 24h,
          .to = kNow - 24h,
          .made_at = kNow - 24h,
          .window = 2h,
          .windows = 84,
          .rules = {{.rule = "latency-p95-critical", .is_critical = true, .windows = 84},
                    {.rule = "cpu-warning", .windows = 84, .breaches = std::vector<judge::Breach>(80)}},
          .detections = {{.metric = "error_rate",
                          .is_critical = true,
                          .windows = 84,
                          .found = {{"+5 points", 3}, {"+6 points", 84}}},
                         {.metric = "error_rate", .windows = 84, .found = {{"+1 points", 84}}},
                         {.metric = "latency_p95", .is_critical = true, .windows = 84, .found = {{"x5", 3}}}},
          .limits = judge::limits_of(Config{})};
}

/// A folder with the file, and a kubeconfig that names a cluster nobody asks.
class CalibratedScene {
 public:
  explicit CalibratedScene(const std::string& text) : CalibratedScene() { write_file(file(), text); }
  explicit CalibratedScene(const judge::Calibration& made) : CalibratedScene(to_pretty_text(judge::to_json(made))) {}
  CalibratedScene() : scene_("kubernetes: {namespace: production}\nwatch: {calibration: '" + file().string() + "'}") {
    cluster_.use_in(scene_);
  }

  fs::path file() const { return folder_.path() / "calibration.json"; }
  Finding finding() { return look_at(scene_, "calibration"); }
  test::EnvScene& scene() { return scene_; }

 private:
  TempFolder folder_;
  KubeconfigOf cluster_{"http://127.0.0.1:1"};
  test::EnvScene scene_;
};

TEST(CalibrationCheck, WithoutAFileNobodyAsks) {
  test::EnvScene scene;
  const auto finding = look_at(scene, "calibration");
  EXPECT_EQ(finding.outcome, Outcome::skipped);
  EXPECT_TRUE(finding.settled) << "who never calibrated may still proceed";
}

TEST(CalibrationCheck, PassesWithItsFigures) {
  CalibratedScene scene(quiet());
  const auto finding = scene.finding();
  EXPECT_EQ(finding.outcome, Outcome::pass) << finding.message;
  EXPECT_EQ(finding.message,
            "84 of 84 windows until 2026-02-28 judged, 0 rolled back; found within 30m: Error Rate +6 points, "
            "Latency (P95) none");
  EXPECT_EQ(finding.observed, Measured(0, "%"));
  EXPECT_EQ(finding.files.size(), 1U) << "it is evidence";
}

TEST(CalibrationCheck, AFileThatIsNotThereOrUnreadableIsUnknown) {
  CalibratedScene absent;
  EXPECT_EQ(absent.finding().outcome, Outcome::unknown);
  EXPECT_EQ(absent.finding().recovery,
            std::vector<std::string>{"Run baton-watch calibrate, or correct watch.calibration."});
  CalibratedScene broken("{}");
  const auto finding = broken.finding();
  EXPECT_EQ(finding.outcome, Outcome::unknown);
  EXPECT_NE(finding.message.find("is no calibration that can be read"), std::string::npos) << finding.message;
  EXPECT_EQ(finding.recovery, std::vector<std::string>{"Make it again with baton-watch calibrate."});
}

TEST(CalibrationCheck, AnothersSaysNothing) {
  auto other = quiet();
  other.app = "cart";
  EXPECT_EQ(CalibratedScene(other).finding().outcome, Outcome::unknown);
  other = quiet();
  other.namespace_ = "staging";
  const auto finding = CalibratedScene(other).finding();
  EXPECT_EQ(finding.outcome, Outcome::unknown);
  EXPECT_NE(finding.message.find("it is of 'shop' in 'staging', and this is 'shop' in 'production'"), std::string::npos)
      << finding.message;
}

TEST(CalibrationCheck, NinetyDaysAreAllowed) {
  auto made = quiet();
  made.made_at = kNow - 90 * 24h;
  EXPECT_EQ(CalibratedScene(made).finding().outcome, Outcome::pass);
  made.made_at -= 1s;
  const auto finding = CalibratedScene(made).finding();
  EXPECT_EQ(finding.outcome, Outcome::unknown);
  EXPECT_NE(finding.message.find("it was made 2025-12-01, 90 days ago; 90 are allowed"), std::string::npos)
      << finding.message;
}

TEST(CalibrationCheck, OtherLimitsAreAWarning) {
  CalibratedScene scene(quiet());
  scene.scene().loaded.values.watch().limits.at("cpu").rollback->value = 90;
  const auto finding = scene.finding();
  EXPECT_EQ(finding.outcome, Outcome::warn);
  EXPECT_TRUE(finding.message.starts_with(
      "made with other limits: run it again; watch.limits.cpu.rollback was 95%, is 90%; 84 of 84 windows"))
      << finding.message;
}

// 1 of 100 is what is allowed.
TEST(CalibrationCheck, ACriticalRuleOverOnePercentIsAWarningWithItsNumber) {
  auto made = quiet();
  made.windows = 100;
  auto& rule = made.rules.front();
  rule.windows = 100;
  rule.breaches = {{.rule = rule.rule, .from = made.from}};
  EXPECT_EQ(CalibratedScene(made).finding().outcome, Outcome::pass);
  made = quiet();
  for (int window : {1, 5, 9}) made.rules.front().breaches.push_back({.from = made.from + window * 2h});
  const auto finding = CalibratedScene(made).finding();
  EXPECT_EQ(finding.outcome, Outcome::warn);
  EXPECT_TRUE(finding.message.starts_with(
      "3 of 84 quiet windows would have been rolled back by latency-p95-critical; 84 of 84 windows until 2026-02-28 "
      "judged, 3 rolled back;"))
      << finding.message;
  EXPECT_EQ(finding.recovery.size(), 2U);
  EXPECT_FALSE(finding.critical) << "a warning stops nobody";
}

}  // namespace
}  // namespace baton::precheck
