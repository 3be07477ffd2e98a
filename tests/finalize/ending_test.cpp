// The table of endings, from verdicts and from what the cluster records: no disk, no cluster.
#include "tools/finalize/ending.h"

#include <gtest/gtest.h>

#include <array>
#include <set>

#include "tests/support/sample_move.h"
#include "tools/finalize/deployment.h"

namespace baton::finalize {
namespace {

using enum Verdict;
using Steps = std::vector<Handoff>;

Handoff step(const std::string& name, Verdict verdict = proceed, const std::string& observed = "") {
  Handoff made{.step = name, .subject = {}, .verdict = verdict};
  made.release.id = "id-1";
  made.observed = observed;
  return made;
}

Steps ended(Verdict cutover) { return {step("precheck"), step("switch", cutover)}; }
Steps ended(Verdict cutover, Verdict watch, const std::string& observed = "") {
  return {step("precheck"), step("switch", cutover), step("watch", watch, observed)};
}

rollout::Move recorded(const std::string& id, rollout::Phase phase, const std::string& by = "") {
  auto move = test::sample_move();
  move.id = id;
  move.phase = phase;
  move.undo_by = by;
  return move;
}

/// Both steps warned, and watch judged no metrics.
Steps watched_without_metrics(Verdict watch) {
  auto steps = ended(caution, watch);
  steps.back().state = Json::object({{"without_metrics", "declared not applicable: no store"}});
  return steps;
}

struct Case {
  const char* name;
  Steps handoffs;
  std::optional<rollout::Move> recorded;
  Ending ending;
};
void PrintTo(const Case& tried, std::ostream* out) { *out << tried.name; }

class EndingTest : public testing::TestWithParam<Case> {};

TEST_P(EndingTest, FollowsFromHandoffsAndRecord) {
  EXPECT_EQ(ending_of({.handoffs = GetParam().handoffs, .id = "id-1", .recorded = GetParam().recorded}),
            GetParam().ending);
}

const auto kKept = recorded("id-1", rollout::Phase::kept);
const auto kNewer = recorded("id-2", rollout::Phase::kept);
INSTANTIATE_TEST_SUITE_P(
    FromHandoffs, EndingTest,
    testing::Values(Case{"nothing", {}, {}, Ending::incomplete},
                    Case{"precheck alone", {step("precheck")}, {}, Ending::incomplete},
                    Case{"precheck stopped", {step("precheck", stop)}, {}, Ending::not_deployed},
                    Case{"precheck could not tell", {step("precheck", unknown)}, {}, Ending::not_deployed},
                    Case{"migrate failed", {step("precheck"), step("migrate", stop)}, {}, Ending::not_deployed},
                    Case{"switch stood down", ended(stop), {}, Ending::stopped_before_traffic},
                    Case{"not watched", ended(proceed), {}, Ending::incomplete},
                    Case{"watch still runs", ended(proceed, again), {}, Ending::incomplete},
                    Case{"well", ended(proceed, proceed), {}, Ending::successful},
                    Case{"switch warned", ended(caution, proceed), {}, Ending::with_warnings},
                    Case{"watch warned", ended(proceed, caution), {}, Ending::with_warnings},
                    Case{"no metrics", watched_without_metrics(caution), {}, Ending::unmeasured},
                    Case{"no metrics, and crashed", watched_without_metrics(stop), {}, Ending::unhealthy},
                    Case{"no metrics, and too few looks", watched_without_metrics(unknown), {}, Ending::unjudged},
                    Case{"watch could not tell", ended(proceed, unknown), {}, Ending::unjudged},
                    Case{"switch could not tell", ended(unknown), {}, Ending::unjudged},
                    Case{"a person was asked", ended(proceed, stop), {}, Ending::unhealthy},
                    Case{"switch took it back", ended(rolled_back), {}, Ending::rolled_back},
                    Case{"watch took it back", ended(proceed, rolled_back), {}, Ending::rolled_back},
                    Case{"switch failed to", ended(rollback_failed), {}, Ending::rollback_failed},
                    Case{"watch's word is the last", ended(rolled_back, rollback_failed), {}, Ending::rollback_failed},
                    Case{"overtaken, says watch", ended(proceed, superseded), {}, Ending::superseded}));
INSTANTIATE_TEST_SUITE_P(
    ObservedOnly, EndingTest,
    testing::Values(
        Case{"all was well", ended(proceed, caution, "proceed"), {}, Ending::successful},
        Case{"it should have been taken back", ended(proceed, caution, "rolled-back"), {}, Ending::unhealthy},
        Case{"a person was to be asked", ended(proceed, caution, "stop"), {}, Ending::unhealthy},
        Case{"nobody could tell", ended(proceed, caution, "unknown"), {}, Ending::unjudged}));
INSTANTIATE_TEST_SUITE_P(
    FromTheRecord, EndingTest,
    testing::Values(Case{"kept", ended(proceed, proceed), kKept, Ending::successful},
                    Case{"a person, after all was over", ended(proceed, proceed),
                         recorded("id-1", rollout::Phase::undone, "jo"), Ending::rolled_back_by_person},
                    Case{"a person, in the soak", ended(rolled_back), recorded("id-1", rollout::Phase::undone, "jo"),
                         Ending::rolled_back_by_person},
                    Case{"watch", ended(proceed, rolled_back), recorded("id-1", rollout::Phase::undone, "baton-watch"),
                         Ending::rolled_back},
                    Case{"half way back", ended(proceed, proceed), recorded("id-1", rollout::Phase::undoing, "jo"),
                         Ending::rollback_failed},
                    Case{"back, but the bad colour would not go", ended(proceed, rolled_back),
                         recorded("id-1", rollout::Phase::undoing, "baton-watch"), Ending::rolled_back},
                    Case{"back by a person, likewise", ended(rolled_back),
                         recorded("id-1", rollout::Phase::undoing, "jo"), Ending::rolled_back_by_person},
                    Case{"overtaken", ended(proceed, proceed), kNewer, Ending::superseded},
                    Case{"taken back, then overtaken", ended(proceed, rolled_back), kNewer, Ending::rolled_back},
                    Case{"stopped while another serves", ended(stop), kNewer, Ending::stopped_before_traffic},
                    Case{"never switched", {step("precheck", stop)}, kNewer, Ending::not_deployed}));

TEST(EndingTableTest, NamesEachEndingOnce) {
  std::set<std::string_view> texts;
  for (int ending = 0; ending <= static_cast<int>(Ending::superseded); ++ending) {
    const auto& row = row_of(static_cast<Ending>(ending));
    EXPECT_TRUE(texts.insert(row.text).second) << row.text;
    EXPECT_FALSE(row.rollback.empty()) << row.text;
  }
}

TEST(EndingTableTest, SaysWhoTookItBackAndWhy) {
  auto move = recorded("id-1", rollout::Phase::undone, "jo");
  move.undo_reason = "customers call";
  EXPECT_EQ(ending_text({.ending = Ending::rolled_back_by_person, .move = move}),
            "Rolled back by a person ⚠️ (jo: customers call)");
  EXPECT_EQ(ending_text({.ending = Ending::successful, .move = move}), "Successful ✅");
}

}  // namespace
}  // namespace baton::finalize
