// Every producer's names against a real Prometheus, and the worlds in which nobody may be called healthy.
#include "common/judge/request_source.h"

#include <gtest/gtest.h>

#include "common/config/sections/watch.h"
#include "common/io/clock.h"
#include "common/judge/session.h"
#include "tests/common/judge/history.h"
#include "tests/support/prometheus.h"

namespace baton::judge {
namespace {

using namespace std::chrono_literals;
using test::Naming;

const Time kSwitched = *parse_rfc3339("2026-03-01T12:00:00Z");

/// Blue and green, which fails 40 % of its requests from its first one on.
class Store {
 public:
  explicit Store(const Naming& blue, const Naming& green)
      : server_(text(blue, green)), store_({.url = server_.url()}, HttpClient({}, Environment{}, clock_)) {}

  SourceLookup look() { return find_source(store_, R"(namespace="production",pod=~"shop-blue-1")", kSwitched); }
  Look judge() {
    Config config;
    config.watch().baseline = 20min;
    const auto baseline = measure_baseline(store_, config, test::scope_of("blue", {"shop-blue-1"}), kSwitched);
    Session session({.config = config, .baseline = baseline}, test::scope_of("green", {"shop-green-1"}), kSwitched);
    return session.look(store_, kSwitched + 3min);
  }

 private:
  static std::string text(const Naming& blue, const Naming& green) {
    return test::openmetrics({{"shop-blue-1", kSwitched - 25min, 100, {{.length = 25min, .errors = 0.5}}, blue},
                              {"shop-green-1", kSwitched, 100, {{.length = 4min, .errors = 40}}, green}});
  }

  SystemClock clock_;
  baton::test::PrometheusServer server_;
  prometheus::Client store_;
};

TEST(RequestSourceTest, EachProducersFailuresAreFoundAndRollBack) {
  for (const auto& naming : test::producers()) {
    Store store(naming, naming);
    const auto found = store.look();
    ASSERT_TRUE(found.source) << naming.counter << ": " << found.why;
    EXPECT_EQ(found.source->counter, naming.counter);
    EXPECT_EQ(found.source->status, naming.status);
    const auto look = store.judge();
    EXPECT_EQ(look.state, State::critical) << naming.counter << " by " << naming.status << ": " << look.reason;
  }
}

TEST(RequestSourceTest, ALabelOfNoKnownNameIsNeverZeroErrors) {
  Store store({.status = "outcome_of_it"}, {.status = "outcome_of_it"});
  const auto found = store.look();
  EXPECT_FALSE(found.source);
  EXPECT_EQ(found.why, "http_requests_total has no label that tells how a request ended");
  EXPECT_EQ(store.judge().state, State::blind);
}

TEST(RequestSourceTest, ACounterOfNoKnownNameIsAbsent) {
  Store store({.counter = "my_requests_total"}, {.counter = "my_requests_total"});
  EXPECT_EQ(store.look().why, "no series of a known name counts its requests");
  EXPECT_EQ(store.judge().state, State::blind);
}

TEST(RequestSourceTest, ANewReleaseThatRenamesItsLabelIsNotCalledHealthy) {
  Store store({}, {.status = "code"});
  EXPECT_EQ(store.judge().state, State::blind) << "judged by what was shown before the switch";
}

TEST(RequestSourceTest, ComesBackFromJsonAsItWas) {
  const RequestSource source{.counter = "istio_requests_total",
                             .only = R"(reporter="destination")",
                             .status = "response_code",
                             .failed = "5..",
                             .buckets = "istio_request_duration_milliseconds_bucket",
                             .per_second = 1000};
  EXPECT_EQ(source_from_json(to_json(source)), source);
}

}  // namespace
}  // namespace baton::judge
