// The last report, asked for by whoever comes later.
#include <gtest/gtest.h>

#include "tests/common/handoff/sample.h"
#include "tests/support/env_scene.h"
#include "tests/support/refusal.h"
#include "tools/watch/watch.h"

namespace baton::watch {
namespace {

TEST(LastReportTest, IsOfTheWatchThatLiesThereWhereNoReleaseIsNamed) {
  test::EnvScene scene;
  write_file(scene.env.dir / "watch.json", to_bytes(sample::handoff("watch")));
  write_file(scene.env.dir / "monitoring-report-v1.6.0.md", "all is well");
  scene.env.release.version.clear();
  EXPECT_EQ(report(scene.env).summary, "all is well");
}

TEST(LastReportTest, OfNoReleaseAndNoWatchIsAWrongCall) {
  test::EnvScene scene;
  scene.env.release.version.clear();
  EXPECT_EQ(test::refusal(ExitCode::usage, [&] { return report(scene.env); }),
            "no release is named, and no watch left anything in '" + scene.env.dir.string() + "'");
}

}  // namespace
}  // namespace baton::watch
