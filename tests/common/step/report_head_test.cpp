// The head that checklist, report and summary share.
#include "common/step/report_head.h"

#include <gtest/gtest.h>

#include "tests/support/env_scene.h"

namespace baton {
namespace {

std::string text_of(const std::vector<ReportLine>& lines) {
  std::string text;
  for (const auto& line : lines) text += line.text + "\n";
  return text;
}

TEST(ReportHeadTest, SaysWhatWhereWhichWhenAndByWhom) {
  test::EnvScene scene;
  scene.env.run.actor = "jo";
  scene.env.run.url = "https://ci.example/7";
  EXPECT_EQ(text_of(head_of(scene.env, scene.clock.now(), scene.clock.now() + std::chrono::seconds(252))),
            "Application: shop\nVersion: v1.6.0\nEnvironment: production\nDeployment: id-1\n"
            "From: 2026-03-01T12:00:00Z until 2026-03-01T12:04:12Z (4m 12s)\nBy: jo (https://ci.example/7)\n");
}

TEST(ReportHeadTest, SaysWhatIsNotKnownAndWhatIsNotOver) {
  test::EnvScene scene;
  scene.env.release.id.clear();
  EXPECT_EQ(text_of(head_of(scene.env, scene.clock.now(), std::nullopt)),
            "Application: shop\nVersion: v1.6.0\nEnvironment: production\n"
            "From: 2026-03-01T12:00:00Z, not over yet\nBy: not known\n");
}

}  // namespace
}  // namespace baton
