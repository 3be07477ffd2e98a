// Selectors in a query, and how old what a store repeats is.
#include "common/judge/scrapes.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "common/io/clock.h"
#include "common/judge/recent_samples.h"
#include "tests/common/judge/history.h"
#include "tests/common/judge/points.h"
#include "tests/support/prometheus.h"

namespace baton::judge {
namespace {

using namespace std::chrono_literals;
using test::time_of_point;

using Texts = std::vector<std::string>;

TEST(ScrapesTest, SelectorsAreFoundWhereverTheyStand) {
  EXPECT_EQ(selectors_in(R"(sum(rate(a{x="1"}[5m])) / sum by (pod) (b:c_total {y=~"a}b{"} offset 1m))"),
            (Texts{R"(a{x="1"})", R"(b:c_total {y=~"a}b{"})"}));
  EXPECT_EQ(selectors_in(R"(a{x="1"} or a{x="1"} or {__name__="z"})"), (Texts{R"(a{x="1"})", R"({__name__="z"})"}));
  EXPECT_EQ(selectors_in(R"(label_replace(a{x='"}'}, "b{", "$1", "c", `d\`))"), (Texts{R"(a{x='"}'})"}));
  EXPECT_TRUE(selectors_in("job:errors:ratio").empty());
  EXPECT_EQ(selectors_in(R"(a{x="1)"), Texts{R"(a{x="1)"}) << "what does not end is the store's to refuse";
}

TEST(ScrapesTest, TheNewestSamplesAreAskedForByPod) {
  EXPECT_EQ(newest_samples_query(R"(a{x="1"} / b{x="1"})"),
            R"(max by (pod) (timestamp(a{x="1"}) or timestamp(b{x="1"})))");
  EXPECT_EQ(newest_samples_query("up"), "");
}

/// Asked at every point of the grid for a pod that is scraped every `apart`, until `frozen_after`.
prometheus::Series scraped(const std::string& pod, Duration apart, std::size_t frozen_after = 1000) {
  prometheus::Series series{.labels = {{"pod", pod}}};
  for (std::size_t i = 0; i < 40; ++i) {
    const Duration known = std::min(i, frozen_after) * test::kStep;
    const Time newest = time_of_point(0) + known / apart * apart;
    series.samples.push_back(
        {.time = time_of_point(i), .value = static_cast<double>(newest.time_since_epoch().count()) / 1000});
  }
  return series;
}

TEST(ScrapesTest, TheMedianDistanceOfAPodsSamplesIsTheInterval) {
  EXPECT_EQ(NewestSamples({.series = {scraped("a", 60s)}}).apart(), 60s);
  EXPECT_EQ(NewestSamples({.series = {scraped("a", 60s), scraped("b", 60s)}}).apart(), 60s);
  EXPECT_EQ(NewestSamples({.series = {scraped("a", 15s)}}).apart(), 15s);
  EXPECT_EQ(NewestSamples({.series = {scraped("a", 15s, 0)}}).apart(), std::nullopt) << "one sample has no distance";
  EXPECT_EQ(NewestSamples().apart(), std::nullopt);
}

TEST(ScrapesTest, OldSamplesAreAskedForByPodAndOfAll) {
  EXPECT_EQ(stale_samples_query(R"(a{x="1"})", 37500ms),
            R"(max by (pod) (timestamp(a{x="1"})) < time() - 37.5 or max(timestamp(a{x="1"})) < time() - 37.5)");
  EXPECT_EQ(stale_samples_query("up", 30s), "");
}

TEST(ScrapesTest, AQueryIsLimitedToFreshSamples) {
  EXPECT_EQ(fresh_query("q", R"(a{x="1"})", 30s, FreshBy::any),
            R"((q) and on () (max(timestamp(a{x="1"})) >= time() - 30))");
  EXPECT_EQ(fresh_query("q", R"(a{x="1"})", 30s, FreshBy::pod),
            R"((q) and on (pod) (max by (pod) (timestamp(a{x="1"})) >= time() - 30))");
  EXPECT_EQ(fresh_query("q", R"(a{x="1"})", 30s, FreshBy::pod_or_none),
            R"((q) and on (pod) (max by (pod) (timestamp(a{x="1"})) >= time() - 30) or )"
            R"((q) and on () (max(timestamp(a{x="1"})) >= time() - 30) unless on (pod) (timestamp(a{x="1"})))");
  EXPECT_EQ(fresh_query("q", "up", 30s, FreshBy::pod), "q") << "nothing tells how old that is";
}

// Blue is not scraped any more, and the store repeats it.
TEST(ScrapesTest, ARealStoreGivesOfEachPodOnlyWhatIsFresh) {
  const Time from = time_of_point(0);
  test::Episode unseen{.length = 5min};
  unseen.scraped = false;
  const baton::test::PrometheusServer server(test::openmetrics(
      {{"green", from, 50, {{.length = 10min}}}, {"blue", from, 50, {{.length = 5min, .memory = 90}, unseen}}}));
  SystemClock clock;
  prometheus::Client store({.url = server.url()}, HttpClient({}, Environment{}, clock));
  const std::string sampled = R"(container_memory_working_set_bytes{pod=~".+"})";
  const auto pods_of = [&](const std::string& query) {
    std::vector<std::string> pods;
    for (const auto& series : store.query(query, from + 8min).series) {
      const auto pod = series.labels.find("pod");
      pods.push_back(pod == series.labels.end() ? "" : pod->second);
    }
    std::ranges::sort(pods);
    return pods;
  };
  const auto by_pod = "sum by (pod) (" + sampled + ")";
  EXPECT_EQ(pods_of(by_pod), (Texts{"blue", "green"}));
  EXPECT_EQ(pods_of(fresh_query(by_pod, sampled, 30s, FreshBy::pod)), Texts{"green"});
  EXPECT_EQ(pods_of(fresh_query(by_pod, sampled, 30s, FreshBy::pod_or_none)), Texts{"green"});
  EXPECT_EQ(pods_of(fresh_query("sum(" + sampled + ")", sampled, 30s, FreshBy::pod_or_none)), Texts{""});
  EXPECT_EQ(pods_of(fresh_query(by_pod, sampled, 30s, FreshBy::any)), (Texts{"blue", "green"}));
  EXPECT_EQ(pods_of(stale_samples_query(sampled, 30s)), Texts{"blue"});
  const auto none_fresh = stale_samples_query(R"(container_memory_working_set_bytes{pod="blue"})", 30s);
  EXPECT_EQ(pods_of(none_fresh), (Texts{"", "blue"}));
}

TEST(ScrapesTest, WhatIsScrapedTooRarelySaysWhatToSet) {
  Config config;
  EXPECT_EQ(why_scraped_too_rarely(config, std::nullopt), "");
  EXPECT_EQ(why_scraped_too_rarely(config, 60s), "");
  EXPECT_EQ(why_scraped_too_rarely(config, 61s),
            "scraped every 1m1s, too rarely for watch.step 15s: set watch.step to 1m1s");
  EXPECT_EQ(why_scraped_too_rarely(config, 5min),
            "scraped every 5m, too rarely for watch.step 15s: set watch.step to 5m");
  EXPECT_EQ(why_scraped_too_rarely(config, 301s),
            "scraped every 5m1s, too rarely for watch.step 15s: scrape it every minute");
  config.watch().step = 2min;
  EXPECT_EQ(why_scraped_too_rarely(config, 2min), "");
}

TEST(ScrapesTest, RatesAreTakenOverFourScrapes) {
  const Config config;
  EXPECT_EQ(rate_window(config), 1min);
  EXPECT_EQ(rate_window(config, 15s), 1min);
  EXPECT_EQ(rate_window(config, 16s), 64s);
  EXPECT_EQ(rate_window(config, 60s), 4min);
}

TEST(ScrapesTest, OneScrapeMayBeMissed) {
  EXPECT_EQ(max_sample_age(60s), 150s);
  EXPECT_EQ(max_sample_age(1s), 5s) << "a scrape takes a while";
}

}  // namespace
}  // namespace baton::judge
