// Every known producer in worlds in which a store answers and nobody can tell: never a pass.
#include <gtest/gtest.h>

#include "common/config/sections/watch.h"
#include "common/core/text.h"
#include "common/io/clock.h"
#include "common/judge/session.h"
#include "tests/common/judge/history.h"
#include "tests/support/http_server.h"
#include "tests/support/prometheus.h"

namespace baton::judge {
namespace {

using namespace std::chrono_literals;
using test::Naming;

const Time kSwitched = *parse_rfc3339("2026-03-01T12:00:00Z");

/// What happens to the series of one producer. Both colours do well.
struct Fate {
  std::string rename = {};  ///< set in front of the counter's name
  Duration scraped_every = 5s;
  Duration scraped_for = 8min;  ///< of green, from the switch on
};

/// All producers side by side in one store, each in pods of its own.
class Worlds {
 public:
  explicit Worlds(const Fate& fate)
      : server_(text(fate)), store_({.url = server_.url()}, HttpClient({.attempts = 1}, Environment{}, clock_)) {
    config_.watch().baseline = 20min;
  }

  Baseline baseline(std::size_t producer, prometheus::Client& store, Time at = kSwitched) const {
    return measure_baseline(store, config_, test::scope_of("blue", {pod(producer, "blue")}), at);
  }
  Look look(std::size_t producer, prometheus::Client& store, const Baseline& baseline, Duration after = 7min) const {
    Session session({.config = config_, .baseline = baseline}, test::scope_of("green", {pod(producer, "green")}),
                    kSwitched);
    return session.look(store, kSwitched + after);
  }
  prometheus::Client& store() { return store_; }
  const std::string url() const { return server_.url(); }

  Config config_;

 private:
  static std::string pod(std::size_t producer, const std::string& colour) {
    return "shop-" + colour + "-" + std::to_string(producer);
  }
  static std::string text(const Fate& fate) {
    std::vector<test::PodHistory> pods;
    for (std::size_t i = 0; i < test::producers().size(); ++i) {
      Naming naming = test::producers()[i];
      naming.counter = fate.rename + naming.counter;
      pods.push_back(
          {pod(i, "blue"), kSwitched - 25min, 50, {{.length = 25min, .errors = 1}}, naming, fate.scraped_every});
      pods.push_back(
          {pod(i, "green"), kSwitched, 50, {{.length = fate.scraped_for, .errors = 1}}, naming, fate.scraped_every});
    }
    return test::openmetrics(pods);
  }

  SystemClock clock_;
  baton::test::PrometheusServer server_;
  prometheus::Client store_;
};

template <typename Check>
void for_each_producer(Check check) {
  for (std::size_t i = 0; i < test::producers().size(); ++i) {
    SCOPED_TRACE(test::producers()[i].counter + " by " + test::producers()[i].status);
    check(i);
  }
}

void expect_healthy(Worlds& worlds) {
  for_each_producer([&](std::size_t producer) {
    const auto baseline = worlds.baseline(producer, worlds.store());
    const auto look = worlds.look(producer, worlds.store(), baseline);
    EXPECT_EQ(look.state, State::healthy) << look.reason;
  });
}

TEST(BlindWorldsTest, EachProducerIsHealthyWhereNothingIsWrong) {
  Worlds worlds({});
  expect_healthy(worlds);
}

TEST(BlindWorldsTest, RenamedToNonsenseNoneIsCalledHealthy) {
  Worlds worlds({.rename = "nonsense_"});
  for_each_producer([&](std::size_t producer) {
    const auto baseline = worlds.baseline(producer, worlds.store());
    EXPECT_FALSE(baseline.find(kErrorRate));
    EXPECT_EQ(worlds.look(producer, worlds.store(), baseline).state, State::blind);
  });
}

// Decisions 53: scraped too rarely is an outcome of its own.
TEST(BlindWorldsTest, ScrapedOnceAMinuteTheWindowWidensAndSeesAsMuch) {
  Worlds worlds({.scraped_every = 60s});
  const auto baseline = worlds.baseline(0, worlds.store());
  EXPECT_EQ(baseline.scraped_every, 60s);
  EXPECT_EQ(rate_window(worlds.config_, baseline.scraped_every), 4min);
  for (const auto& [id, metric] : baseline.metrics) EXPECT_TRUE(metric.value) << id << ": " << metric.why;
  expect_healthy(worlds);
}

TEST(BlindWorldsTest, ScrapedMoreRarelyNoneIsCalledHealthyAndTheStepIsNamed) {
  Worlds worlds({.scraped_every = 65s});
  for_each_producer([&](std::size_t producer) {
    const auto baseline = worlds.baseline(producer, worlds.store());
    EXPECT_EQ(baseline.scraped_every, 65s);
    const auto look = worlds.look(producer, worlds.store(), baseline);
    EXPECT_EQ(look.state, State::blind);
    EXPECT_EQ(look.reason, "scraped every 1m5s, too rarely for watch.step 15s: set watch.step to 1m5s");
  });
  worlds.config_.watch().step = 65s;
  EXPECT_EQ(worlds.look(0, worlds.store(), worlds.baseline(0, worlds.store())).state, State::healthy)
      << "what was advised helps";
}

TEST(BlindWorldsTest, FrozenNoneIsCalledHealthyThoughTheStoreGoesOnAnswering) {
  Worlds worlds({.scraped_for = 5min});
  for_each_producer([&](std::size_t producer) {
    const auto look = worlds.look(producer, worlds.store(), worlds.baseline(producer, worlds.store()));
    EXPECT_EQ(look.state, State::inconclusive);
    EXPECT_TRUE(look.reason.starts_with("no new sample of it since 2026-03-01T12:05")) << look.reason;
    const auto later = worlds.look(producer, worlds.store(), worlds.baseline(producer, worlds.store()), 9min);
    EXPECT_EQ(later.state, State::blind);
    EXPECT_TRUE(later.reason.starts_with("no new sample of it since 2026-03-01T12:05")) << later.reason;
    const auto stale = worlds.baseline(producer, worlds.store(), kSwitched + 4min);
    for (const auto& [id, metric] : stale.metrics) {
      EXPECT_FALSE(metric.value) << id;
      EXPECT_TRUE(metric.why.starts_with("no new sample since")) << id << ": " << metric.why;
    }
  });
}

/// Stands before the store, and says in every answer that it is not whole.
class PartialStore {
 public:
  PartialStore(const std::string& url, const std::string& confession)
      : server_([this, url, confession](const baton::test::Received& request) {
          const auto answer = http_.send({.method = "POST",
                                          .url = url + request.target,
                                          .headers = {{"Content-Type", "application/x-www-form-urlencoded"}},
                                          .body = request.body});
          return baton::test::Answer{.headers = {{"Content-Type", "application/json"}},
                                     .body = replace_all(answer.body, R"({"status":"success",)",
                                                         R"({"status":"success",)" + confession + ",")};
        }),
        store_({.url = server_.url()}, HttpClient({.attempts = 1}, Environment{}, clock_)) {}
  prometheus::Client& store() { return store_; }

 private:
  SystemClock clock_;
  HttpClient http_{{}, Environment{}, clock_};
  baton::test::HttpServer server_;
  prometheus::Client store_;
};

TEST(BlindWorldsTest, OfAPartialAnswerNoneIsCalledHealthy) {
  Worlds worlds({});
  for (const auto* confession : {R"("isPartial":true)", R"("warnings":["a store is away"])"}) {
    PartialStore partial(worlds.url(), confession);
    for_each_producer([&](std::size_t producer) {
      EXPECT_THROW(worlds.baseline(producer, partial.store()), Error);
      const auto look = worlds.look(producer, partial.store(), worlds.baseline(producer, worlds.store()));
      EXPECT_EQ(look.state, State::blind);
      EXPECT_TRUE(look.reason.starts_with("the metrics store answers partly")) << look.reason;
    });
  }
}

}  // namespace
}  // namespace baton::judge
