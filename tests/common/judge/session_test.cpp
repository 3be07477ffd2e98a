// A session over a real Prometheus whose past was written down: every rule of Step 3 from both sides of its limit.
#include "common/judge/session.h"

#include <gtest/gtest.h>

#include <set>

#include "common/config/sections/watch.h"
#include "common/io/clock.h"
#include "common/judge/after_rollback.h"
#include "common/judge/replay.h"
#include "common/judge/rules.h"
#include "tests/common/judge/history.h"
#include "tests/support/prometheus.h"

namespace baton::judge {
namespace {

using namespace std::chrono_literals;
using test::Episode;

constexpr Duration kBefore = 30min;

/// A switch at `switched`, blue before it, green after it, and the store that saw both.
class World {
 public:
  explicit World(std::vector<Episode> green, double rps = 100)
      : switched_(*parse_rfc3339("2026-03-01T12:00:00Z")),
        server_(test::openmetrics({{"shop-blue-1", switched_ - kBefore, rps, {{.length = kBefore, .errors = 0.5}}},
                                   {"shop-green-1", switched_, rps, std::move(green)}})),
        http_({}, Environment{}, clock_),
        store_({.url = server_.url()}, HttpClient({}, Environment{}, clock_)) {
    config_.watch().baseline = 20min;
    baseline_ = measure_baseline(store_, config_, test::scope_of("blue", {"shop-blue-1"}), switched_);
  }

  Session session(const Json& memory = {}) const {
    return Session({.config = config_, .baseline = baseline_, .not_applicable = not_applicable_},
                   test::scope_of("green", {"shop-green-1"}), switched_, memory);
  }
  Look look_at(Duration after) {
    auto fresh = session();
    return fresh.look(store_, switched_ + after);
  }
  const Finding& finding(const Look& look, std::string_view id) const {
    for (const auto& found : look.findings) {
      if (found.id == id) return found;
    }
    throw std::out_of_range("no finding of that id");
  }

  Config config_;
  Time switched_;
  SystemClock clock_;
  baton::test::PrometheusServer server_;
  HttpClient http_;
  prometheus::Client store_;
  Baseline baseline_;
  std::map<std::string, std::string> not_applicable_ = {};
};

TEST(BaselineTest, MeasuresWhatWasThereBeforeTheSwitch) {
  World world({{.length = 1min}});
  const auto& metrics = world.baseline_.metrics;
  EXPECT_NEAR(*metrics.at("error_rate").value, 0.5, 0.01);
  EXPECT_NEAR(metrics.at("error_rate").requests, 120000, 1000);
  EXPECT_NEAR(*metrics.at("latency_p95").value, 0.05, 0.01);
  ASSERT_TRUE(metrics.at("latency_p95").bucket);
  EXPECT_EQ(metrics.at("latency_p95").bucket->second, 0.05) << "the edge that no rise below can be told from";
  EXPECT_NEAR(*metrics.at("request_rate").value, 100, 2);
  EXPECT_NEAR(*metrics.at("cpu").value, 40, 1);
  EXPECT_NEAR(*metrics.at("memory").value, 50, 1);
  const auto again = baseline_from_json(to_json(world.baseline_));
  EXPECT_EQ(to_text(to_json(again)), to_text(to_json(world.baseline_)));
}

TEST(BaselineTest, HasNoValueWhereTheSeriesAreAbsent) {
  World world({{.length = 1min}});
  const auto none =
      measure_baseline(world.store_, world.config_, test::scope_of("red", {"shop-red-1"}), world.switched_);
  ASSERT_EQ(none.metrics.size(), 6U) << "what only the configuration can ask for is not asked";
  for (const auto& [id, metric] : none.metrics) EXPECT_FALSE(metric.value) << id;
}

TEST(SessionTest, IsHealthyWhereNothingChanged) {
  World world({{.length = 12min, .errors = 0.5}});
  const auto look = world.look_at(12min);
  EXPECT_EQ(look.state, State::healthy) << look.reason;
  ASSERT_EQ(look.findings.size(), rules().size());
  for (const auto& finding : look.findings) EXPECT_EQ(finding.outcome, Outcome::pass) << finding.id << finding.message;
}

/// What a control shows that is as slow as 300 ms, and fails 8 of 100.
Baseline control_of(const World& world, double requests) {
  auto control = world.baseline_;
  control.metrics.at("error_rate") = {.value = 8, .requests = requests, .errors = 0.08 * requests};
  control.metrics.at("latency_p95").value = 0.3;
  return control;
}

TEST(SessionTest, ACanaryIsHeldAgainstItsControlOnceThatHasSeenEnough) {
  World world({{.length = 4min, .latency = 0.3}});
  auto early = world.session();
  EXPECT_FALSE(early.compare_with(control_of(world, kLatencyRequests - 1)));
  EXPECT_EQ(early.look(world.store_, world.switched_ + 3min).state, State::critical);
  auto session = world.session();
  EXPECT_TRUE(session.compare_with(control_of(world, kLatencyRequests)));
  EXPECT_EQ(session.look(world.store_, world.switched_ + 3min).state, State::healthy);
}

// Cold caches fail nobody: what fails users is taken back, whoever fails beside it.
TEST(SessionTest, AControlExcusesNoErrors) {
  World world({{.length = 4min, .errors = 8}});
  auto session = world.session();
  EXPECT_TRUE(session.compare_with(control_of(world, 10 * kLatencyRequests)));
  const auto look = session.look(world.store_, world.switched_ + 3min);
  EXPECT_EQ(look.breached, std::vector<std::string>{"error-rate-critical"});
}

// SOP: error rate > baseline + 5 %; the baseline is 0.5 %, so 5.5 is the limit itself.
TEST(SessionTest, ErrorRateAtTheRollbackLimitDoesNotFire) {
  World world({{.length = 4min, .errors = 5.4}});
  EXPECT_EQ(world.look_at(3min).state, State::healthy);
}

TEST(SessionTest, ErrorRateOverTheRollbackLimitFiresWithinSeconds) {
  World world({{.length = 4min, .errors = 8}});
  const auto look = world.look_at(30s);
  EXPECT_EQ(look.state, State::critical) << look.reason;
  EXPECT_EQ(look.breached, std::vector<std::string>{"error-rate-critical"});
  EXPECT_LE(*look.onset - world.switched_, 15s);
  EXPECT_NE(look.reason.find("8 %"), std::string::npos) << look.reason;
}

TEST(SessionTest, AFaultThatComesLaterFiresOnceTwoReadsHoldIt) {
  World world({{.length = 1min, .errors = 0.5}, {.length = 1min, .errors = 8}}, 200);
  world.config_.watch().step = 5s;
  EXPECT_EQ(world.look_at(65s).state, State::healthy);
  EXPECT_EQ(world.look_at(70s).state, State::critical);
}

TEST(SessionTest, ErrorRateJustOverTheRollbackLimitFires) {
  World world({{.length = 6min, .errors = 5.7}});
  EXPECT_EQ(world.look_at(5min).state, State::critical);
}

TEST(SessionTest, ErrorRateWarnsOnlyAfterFiveMinutes) {
  World world({{.length = 10min, .errors = 2}});
  EXPECT_EQ(world.look_at(4min).state, State::healthy);
  const auto look = world.look_at(9min);
  EXPECT_EQ(look.state, State::warning) << look.reason;
  EXPECT_EQ(world.finding(look, "error-rate-warning").outcome, Outcome::warn);
}

TEST(SessionTest, ErrorRateWithinOnePointDoesNotWarn) {
  World world({{.length = 10min, .errors = 1.4}});
  EXPECT_EQ(world.look_at(9min).state, State::healthy);
}

TEST(SessionTest, FewRequestsAreInconclusive) {
  World world({{.length = 4min, .errors = 10}}, 0.2);
  const auto look = world.look_at(3min);
  EXPECT_EQ(look.state, State::inconclusive);
  EXPECT_NE(look.reason.find("too few"), std::string::npos);
}

TEST(SessionTest, NoSeriesAtAllIsBlindnessNotFewRequests) {
  World world({{.length = 4min, .scraped = false}});
  const auto look = world.look_at(3min);
  EXPECT_EQ(look.state, State::blind) << look.reason;
  EXPECT_NE(look.reason.find("no series"), std::string::npos) << look.reason;
}

TEST(SessionTest, NoSeriesOfRequestsIsBlindnessUnlessThereAreNone) {
  World world({{.length = 4min, .counts_requests = false}});
  const auto look = world.look_at(3min);
  EXPECT_EQ(look.state, State::blind) << look.reason;
  EXPECT_NE(look.reason.find("counts its requests"), std::string::npos) << look.reason;
  for (const auto* metric : {"error_rate", "latency_p95"}) world.not_applicable_[metric] = "a worker";
  EXPECT_EQ(world.look_at(3min).state, State::healthy) << world.look_at(3min).reason;
}

TEST(SessionTest, SeriesThatEndedAreBlindness) {
  World world({{.length = 4min, .errors = 0.5}, {.length = 8min, .scraped = false}});
  EXPECT_EQ(world.look_at(4min).state, State::healthy);
  // A store answers with the last value for five more minutes; then there is nothing.
  const auto look = world.look_at(10min);
  EXPECT_EQ(look.state, State::blind) << look.reason;
}

TEST(SessionTest, WithoutABaselineErrorsAreReadAsARiseFromNothing) {
  for (const auto& [errors, state] : {std::pair{5.5, State::critical}, std::pair{4.5, State::blind}}) {
    World world({{.length = 6min, .errors = errors}});
    world.baseline_ = {};
    const auto look = world.look_at(5min);
    EXPECT_EQ(look.state, state) << errors << " %: " << look.reason;
    EXPECT_NE(look.reason.find("no baseline"), std::string::npos) << look.reason;
  }
}

TEST(SessionTest, WithoutALatencyBaselineNothingIsCalledHealthy) {
  World world({{.length = 6min, .errors = 0.5}});
  world.baseline_.metrics.erase("latency_p95");
  const auto look = world.look_at(5min);
  EXPECT_EQ(look.state, State::blind);
  EXPECT_NE(look.reason.find("no baseline of latency_p95"), std::string::npos) << look.reason;
  world.not_applicable_["latency_p95"] = "first release";
  EXPECT_EQ(world.look_at(5min).state, State::healthy);
}

TEST(SessionTest, LatencyOverTwiceTheBaselineFires) {
  World world({{.length = 4min, .latency = 0.3}});
  const auto look = world.look_at(2min);
  EXPECT_EQ(look.state, State::critical) << look.reason;
  EXPECT_EQ(look.breached, std::vector<std::string>{"latency-p95-critical"});
}

TEST(SessionTest, LatencyUnderTwiceTheBaselineWarnsAfterTenMinutes) {
  World world({{.length = 20min, .latency = 0.09}});  // its bucket's end, 0.1, is twice the baseline's 0.05
  world.config_.watch().limits.at("latency_p95").rollback = parse_limit("+200%");  // whose slow lane begins at +120 %
  EXPECT_EQ(world.look_at(14min).state, State::healthy) << "ten minutes, after the first five";
  EXPECT_EQ(world.look_at(17min).state, State::warning);
}

TEST(SessionTest, MemoryFiresAfterFiveMinutesOver95Percent) {
  World world({{.length = 8min, .memory = 96}});
  EXPECT_EQ(world.look_at(4min).state, State::healthy);
  EXPECT_EQ(world.look_at(6min).state, State::critical);
}

TEST(SessionTest, MemoryAt95PercentDoesNotFire) {
  World world({{.length = 8min, .memory = 95}});
  EXPECT_EQ(world.look_at(7min).state, State::warning);
}

TEST(SessionTest, CpuFiresAfterFiveMinutesOver95Percent) {
  World world({{.length = 20min, .cpu = 99}});
  EXPECT_EQ(world.look_at(14min).state, State::healthy) << "five minutes, after the first ten";
  EXPECT_EQ(world.look_at(17min).state, State::critical);
}

TEST(SessionTest, CpuAt80PercentDoesNotWarn) {
  World world({{.length = 9min, .cpu = 80}});
  EXPECT_EQ(world.look_at(8min).state, State::healthy);
}

TEST(SessionTest, ABreachThatIsOverIsReportedButNotActedOn) {
  World world({{.length = 2min, .errors = 20}, {.length = 10min, .errors = 0.5}});
  const auto look = world.look_at(11min);
  EXPECT_EQ(look.state, State::healthy);
  EXPECT_EQ(world.finding(look, "error-rate-critical").outcome, Outcome::warn);
  EXPECT_NE(world.finding(look, "error-rate-critical").message.find("over since"), std::string::npos);
}

TEST(SessionTest, ManySmallLooksSayWhatOneLateLookSays) {
  World world({{.length = 2min, .errors = 8}, {.length = 3min, .errors = 0.5}});
  auto late = world.session();
  late.look(world.store_, world.switched_ + 4min);
  Json memory;
  for (Duration after = 0s; after <= 4min; after += 10s) {
    auto session = world.session(memory);
    session.look(world.store_, world.switched_ + after);
    session.look(world.store_, world.switched_ + after);
    memory = session.memory();
  }
  EXPECT_EQ(to_text(memory), to_text(late.memory()));
}

TEST(SessionTest, ALongStretchIsReadInPiecesThatLeaveNoSeam) {
  World world({{.length = 24min}, {.length = 2min, .errors = 8}, {.length = 14min}});
  auto late = world.session();
  late.look(world.store_, world.switched_ + 39min);
  auto often = world.session();
  for (Duration after = 3min; after <= 39min; after += 3min) often.look(world.store_, world.switched_ + after);
  EXPECT_EQ(late.seen().samples, 157) << "of which the first hundred are one piece";
  ASSERT_EQ(late.seen().breaches.size(), 1U) << "over the seam";
  EXPECT_EQ(to_text(late.memory()), to_text(often.memory()));
}

TEST(SessionTest, AStoreThatIsAwayIsBlindnessNotABreach) {
  World world({{.length = 4min, .errors = 20}});
  prometheus::Client away({.url = "http://127.0.0.1:1"}, HttpClient({.attempts = 1}, Environment{}, world.clock_));
  auto session = world.session();
  session.look(world.store_, world.switched_ + 1min);
  const auto look = session.look(away, world.switched_ + 2min);
  EXPECT_EQ(look.state, State::blind);
  EXPECT_TRUE(look.breached.empty());
  EXPECT_EQ(session.look(world.store_, world.switched_ + 2min).state, State::critical);
}

TEST(SessionTest, AGapLowersTheCoverage) {
  World world({{.length = 5min}, {.length = 10min, .scraped = false}, {.length = 5min}});
  auto session = world.session();
  session.look(world.store_, world.switched_ + 20min);
  EXPECT_NEAR(session.coverage(world.switched_ + 20min), 53, 2);
  EXPECT_EQ(session.seen().gaps.size(), 1U);
}

// An instant query goes on answering for five minutes after the last sample.
TEST(SessionTest, AGapThatTheStoreBridgesIsAGapAllTheSame) {
  World world({{.length = 5min}, {.length = 3min, .scraped = false}, {.length = 4min}});
  auto session = world.session();
  EXPECT_EQ(session.look(world.store_, world.switched_ + 7min).state, State::inconclusive);
  EXPECT_EQ(session.look(world.store_, world.switched_ + 11min).state, State::healthy);
  EXPECT_NEAR(session.coverage(world.switched_ + 12min), 75, 4);
  ASSERT_EQ(session.seen().gaps.size(), 1U);
  EXPECT_NEAR(static_cast<double>((session.seen().gaps[0].first - world.switched_).count()), 5.5 * 60'000, 20'000);
}

// Every sample comes 90 s late: what a look does not see yet the next ones judge.
TEST(SessionTest, AStoreThatIsLateWorksByItself) {
  const auto known_at = [](Duration now) {
    const Duration come = now - 90s;
    std::vector<Episode> green{{.length = std::min<Duration>(come, 6min)}};
    if (come > 6min) green.push_back({.length = come - 6min, .errors = 20});
    return green;
  };
  World world(known_at(2min));
  auto session = world.session();
  EXPECT_EQ(session.look(world.store_, world.switched_ + 2min).state, State::inconclusive) << "late, or dead";
  for (Duration now = 3min; now <= 8min; now += 1min) {
    World late(known_at(now));
    const auto look = session.look(late.store_, world.switched_ + now);
    EXPECT_EQ(look.state, now < 8min ? State::healthy : State::critical) << to_text(now) << ": " << look.reason;
  }
  EXPECT_TRUE(session.seen().gaps.empty());
  EXPECT_EQ(session.look(world.store_, world.switched_ + 20min).state, State::blind) << "it does not come any more";
}

TEST(SessionTest, WhatAStoreGetsLaterIsReadAgain) {
  World hole({{.length = 5min}, {.length = 6min, .scraped = false}, {.length = 14min}});
  World whole({{.length = 5min}, {.length = 6min, .errors = 20}, {.length = 14min}});
  auto session = hole.session();
  session.look(hole.store_, hole.switched_ + 9min);
  EXPECT_EQ(session.seen().gaps.size(), 1U);
  session.look(whole.store_, hole.switched_ + 9min + 15s);
  EXPECT_EQ(session.seen().gaps.size(), 1U) << "not at every look";
  const auto look = session.look(whole.store_, hole.switched_ + 19min + 15s);
  EXPECT_TRUE(session.seen().gaps.empty());
  EXPECT_EQ(look.state, State::healthy) << look.reason;
  EXPECT_EQ(session.seen().breaches.size(), 2U) << "the critical rule and the warning";
}

// Replayed, the recorded points leave the same memory, also where a look read all of it again.
TEST(SessionTest, WhatWasJudgedIsRecorded) {
  World world({{.length = 4min, .errors = 0.5}, {.length = 2min, .scraped = false}, {.length = 24min, .errors = 8}});
  auto session = world.session();
  std::vector<Point> recorded;
  session.record_to([&](std::span<const Point> points) {
    std::erase_if(recorded, [&](const Point& point) { return point.time >= points.front().time; });
    recorded.insert(recorded.end(), points.begin(), points.end());
  });
  for (Duration after = 1min; after <= 20min; after += 95s) session.look(world.store_, world.switched_ + after);
  Memory again{.pods = session.seen().pods, .counters = session.seen().counters};
  replay(session.criteria(), recorded, again);
  EXPECT_FALSE(again.breaches.empty());
  EXPECT_FALSE(again.gaps.empty());
  EXPECT_EQ(to_text(to_json(again)), to_text(session.memory()));
}

TEST(SessionTest, AMissedScrapeIsNoGap) {
  World world({{.length = 5min}, {.length = 30s, .scraped = false}, {.length = 4min}});
  auto session = world.session();
  EXPECT_EQ(session.look(world.store_, world.switched_ + 9min).state, State::healthy);
  EXPECT_EQ(session.coverage(world.switched_ + 9min), 100);
}

// What the newest sample of a dead exporter says of memory is held against nobody.
TEST(SessionTest, WhatAStoreRepeatsIsNoBreach) {
  World world({{.length = 2min, .memory = 96}, {.length = 10min, .scraped = false}});
  const auto look = world.look_at(7min);
  EXPECT_EQ(look.state, State::blind) << look.reason;
  EXPECT_TRUE(look.breached.empty());
}

TEST(SessionTest, NoRequestAtAllIsCalledNoTraffic) {
  World world({{.length = 4min}}, 0);
  const auto look = world.look_at(3min);
  EXPECT_EQ(look.state, State::inconclusive);
  EXPECT_EQ(look.reason, "no traffic: no request came to judge by");
  EXPECT_TRUE(world.baseline_.metrics.at("error_rate").is_silent);
  EXPECT_EQ(world.baseline_.metrics.at("error_rate").why, "no traffic: no request in 20m");
}

TEST(SessionTest, TheQueryOfAFindingGivesItsNumber) {
  World world({{.length = 4min, .errors = 8}});
  const auto look = world.look_at(3min);
  const auto& errors = world.finding(look, "error-rate-critical");
  const auto answer = world.store_.query(errors.query, world.switched_ + 3min);
  ASSERT_EQ(answer.series.size(), 1U) << errors.query;
  EXPECT_NEAR(answer.series[0].samples.at(0).value, 8, 0.2);
  EXPECT_NE(errors.query.find(R"(pod=~"shop-green-1")"), std::string::npos) << errors.query;
  EXPECT_EQ(errors.query.find("shop-blue"), std::string::npos) << errors.query;
}

TEST(SessionTest, WarningsThroughTheWholeSoakAreNamed) {
  World world({{.length = 6min, .errors = 2}});
  auto session = world.session();
  session.look(world.store_, world.switched_ + 5min);
  EXPECT_EQ(session.warnings_throughout(world.switched_), std::vector<std::string>{"error-rate-warning"});
}

TEST(SessionTest, CpuAndMemoryWarningsTakeNoReleaseBack) {
  World world({{.length = 6min, .cpu = 90, .memory = 90}});
  auto session = world.session();
  EXPECT_EQ(session.look(world.store_, world.switched_ + 5min).state, State::warning);
  EXPECT_TRUE(session.warnings_throughout(world.switched_).empty());
}

TEST(SessionTest, OneOrTwoSamplesAreNoWholeSoak) {
  World world({{.length = 6min, .errors = 2}});
  std::set<int> counts;
  for (Duration after = 15s; after <= 2min; after += 15s) {
    auto session = world.session();
    session.look(world.store_, world.switched_ + after);
    const auto found = session.seen().conditions.find("error-rate-warning");
    const int samples = found == session.seen().conditions.end() ? 0 : found->second.samples;
    EXPECT_EQ(!session.warnings_throughout(world.switched_).empty(), samples >= 3) << samples;
    counts.insert(samples);
  }
  EXPECT_TRUE(counts.contains(2) && counts.contains(3)) << "both sides of the limit were seen";
}

/// What the whole colour failed after four minutes.
std::string share_of(double errors, double rps) {
  World world({{.length = 5min, .errors = errors}}, rps);
  auto session = world.session();
  session.look(world.store_, world.switched_ + 4min);
  return session.critical_share();
}

TEST(SessionTest, AShareOverTheCriticalLimitIsNeverLeftAlone) {
  EXPECT_NE(share_of(100, 0.2), "") << "a look of its own needs far more requests to say so";
  EXPECT_NE(share_of(6, 100), "");
  EXPECT_EQ(share_of(5, 100), "") << "the baseline failed 0.5 %: 5.5 % are allowed";
  EXPECT_EQ(share_of(0.5, 100), "");
  EXPECT_EQ(share_of(6, 0.2), "") << "fewer than five errors";
}

TEST(RecoveryTest, TellsBackFromNotBackFromTooFew) {
  World world({{.length = 3min, .errors = 0.6}, {.length = 3min, .errors = 6}});
  const auto judge = [&](Duration from, Duration to) {
    return judge_after_rollback(world.store_, world.config_, world.baseline_, test::scope_of("green", {"shop-green-1"}),
                                world.switched_ + from, world.switched_ + to)
        .state;
  };
  EXPECT_EQ(judge(1min, 3min), AfterRollback::State::back);
  EXPECT_EQ(judge(4min, 5min), AfterRollback::State::not_back);
  EXPECT_EQ(judge(2min, 2min), AfterRollback::State::inconclusive);
}

}  // namespace
}  // namespace baton::judge
