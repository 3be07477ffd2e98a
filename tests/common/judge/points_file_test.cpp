// What was judged, written down and judged again.
#include "common/judge/points_file.h"

#include <gtest/gtest.h>

#include <random>

#include "common/core/error.h"
#include "common/judge/replay.h"
#include "tests/common/judge/points.h"
#include "tests/support/refusal.h"

namespace baton::judge {
namespace {

using namespace std::chrono_literals;
using test::Seen;

class PointsFileTest : public testing::Test {
 protected:
  JudgedBy by() const {
    return {.app = "shop",
            .version = "v1.6.0",
            .deployment = "shop-green",
            .since = test::time_of_point(0),
            .step = test::kStep,
            .baseline = criteria_.baseline,
            .keys = {{"watch.step", "15s"}}};
  }
  /// In pieces of these sizes.
  void write(std::vector<Point> points, const std::vector<std::size_t>& pieces) {
    PointsFile file(file_);
    for (auto at = points.begin(); const auto size : pieces) {
      const auto end = at + static_cast<std::ptrdiff_t>(size);
      replay(criteria_, {at, end}, memory_);
      file.add({at, end}, criteria_, by(), memory_);
      at = end;
    }
  }
  Memory again(std::vector<Point> points) const {
    Memory memory;
    replay(criteria_, std::move(points), memory);
    return memory;
  }

  Config config_;
  Criteria criteria_{.config = config_, .baseline = test::baseline(), .since = test::time_of_point(0)};
  Memory memory_;
  TempFolder folder_;
  Inside file_{folder_.path(), "evidence/points.db"};
};

/// Whatever a service may show, to the last bit.
std::vector<Seen> whatever(std::size_t count) {
  std::mt19937 random(3);
  const auto any = [&](double most) { return most * std::generate_canonical<double, 53>(random); };
  std::vector<Seen> seen;
  for (std::size_t at = 0; at < count; ++at) {
    seen.push_back({.errors = any(9),
                    .requests = any(4000),
                    .latency = any(0.3) + 0.001,
                    .cpu = {any(99), any(99), any(99)},
                    .memory = {any(99)},
                    .counts_requests = random() % 9 != 0,
                    .is_gap = random() % 11 == 0,
                    .of_all = any(200),
                    .yesterday = random() % 5 == 0 ? std::nullopt : std::optional(any(0.2)),
                    .yesterday_of_all = any(200)});
  }
  return seen;
}

TEST_F(PointsFileTest, JudgedAgainItIsTheSameBitForBit) {
  write(test::points(whatever(300)), {1, 40, 3, 200, 56});
  const auto recorded = read_points(file_);
  ASSERT_EQ(recorded.points.size(), 300U);
  EXPECT_FALSE(recorded.memory.breaches.empty());
  EXPECT_EQ(to_text(to_json(recorded.memory)), to_text(to_json(memory_)));
  EXPECT_EQ(to_text(to_json(again(recorded.points))), to_text(to_json(memory_)));
  EXPECT_EQ(recorded.by.version, "v1.6.0");
  EXPECT_EQ(to_text(to_json(recorded.by.baseline)), to_text(to_json(criteria_.baseline)));
}

TEST_F(PointsFileTest, WhatIsReadAgainGoesBeforeWhatWasThere) {
  const auto first = test::points(test::times(40, {.errors = 20}));
  write(first, {40});
  memory_ = {};
  const auto second = test::points(test::times(50, {}));
  write(second, {50});
  const auto recorded = read_points(file_);
  EXPECT_EQ(recorded.points.size(), 50U);
  EXPECT_TRUE(again(recorded.points).breaches.empty());
}

TEST_F(PointsFileTest, AnAlteredNumberShows) {
  write(test::points(test::times(40, {})), {40});
  {
    database::SeriesFile file(file_, database::Access::write);
    const int errors = file.number({.metric = "error_rate", .part = "errors", .query = "x", .step = test::kStep});
    file.replace_from(test::time_of_point(39), {{.series = errors, .time = test::time_of_point(39), .value = 1}}, {});
  }
  const auto recorded = read_points(file_);
  EXPECT_NE(to_text(to_json(again(recorded.points))), to_text(to_json(recorded.memory)));
}

TEST_F(PointsFileTest, WhatItDidNotWriteIsRefused) {
  const auto after = [&](const database::SeriesName& name, Time time) {
    write(test::points(test::times(3, {})), {3});
    {
      database::SeriesFile file(file_, database::Access::write);
      file.replace_from(time, {{.series = file.number(name), .time = time, .value = 1}}, {});
    }
    return baton::test::refusal(ExitCode::unknown, [&] { read_points(file_); });
  };
  const Time last = test::time_of_point(2);
  EXPECT_NE(after({.metric = "weather", .part = "value"}, last).find("another version"), std::string::npos);
  EXPECT_NE(after({.metric = "cpu", .part = "le x"}, last).find("cannot place"), std::string::npos);
  EXPECT_NE(after({.metric = "cpu", .part = "value"}, last + 1ms).find("between its points"), std::string::npos);
  EXPECT_NE(after({.metric = "cpu", .part = "value"}, last + test::kStep).find("between its points"),
            std::string::npos);
}

TEST_F(PointsFileTest, NotesThatCannotBeReadAreRefused) {
  for (const auto* memory :
       {"{", "[]", R"({"judged_until":"yesterday"})", R"({"judged_until":"9999-12-31T00:00:00Z"})"}) {
    memory_ = {};
    write(test::points(test::times(3, {})), {3});
    database::SeriesFile(file_, database::Access::write).replace_from(test::time_of_point(3), {}, {{"memory", memory}});
    EXPECT_NE(baton::test::refusal(ExitCode::unknown, [&] { read_points(file_); }), "taken") << memory;
  }
}

}  // namespace
}  // namespace baton::judge
