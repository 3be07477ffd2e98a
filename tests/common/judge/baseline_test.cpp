// A baseline and a look as handoffs carry them.
#include "common/judge/baseline.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "common/judge/own_query.h"
#include "common/judge/verdict.h"
#include "tests/common/judge/history.h"
#include "tests/common/judge/points.h"

namespace baton::judge {
namespace {

std::vector<std::string> hundred_pods(std::string_view colour) {
  std::vector<std::string> pods;
  for (int pod = 0; pod < 100; ++pod) pods.push_back(fmt::format("shop-{}-7d9f8b6c5d-x2k{:02}", colour, pod));
  return pods;
}

/// With the queries that a measurement would have left.
Baseline baseline_of(const std::vector<std::string>& pods) {
  const Config config;
  auto baseline = test::baseline();
  baseline.pods = pods;
  const auto terms =
      terms_for(config, test::scope_of("blue", pods), test::source(), rate_window(config), PodNames::left_open);
  for (const auto* metric : metrics()) baseline.metrics[std::string(metric->id)].query = query_of(*metric, terms);
  return baseline;
}

TEST(BaselineJsonTest, IsReadAsItWasWritten) {
  const auto baseline = baseline_of({"shop-blue-1"});
  const auto again = baseline_from_json(to_json(baseline));
  EXPECT_EQ(again.pods, baseline.pods);
  EXPECT_EQ(again.find(kErrorRate)->requests, 7'200'000);
  EXPECT_EQ(to_text(to_json(again)), to_text(to_json(baseline)));
}

TEST(BaselineJsonTest, TakesQueriesThatNameEveryPodAndNoListOfThem) {
  const auto baseline = baseline_from_json(parse_json(R"({
    "from": "2026-03-01T11:00:00Z", "to": "2026-03-01T12:00:00Z",
    "metrics": {"cpu": {"value": "40", "requests": "0", "errors": "0", "query": "x{pod=~\"shop-1|shop-2\"}"}}})",
                                                      "handoff"));
  EXPECT_TRUE(baseline.pods.empty());
  ASSERT_TRUE(baseline.metrics.contains("cpu"));
  EXPECT_EQ(baseline.metrics.at("cpu").value, 40);
  EXPECT_EQ(baseline.metrics.at("cpu").query, R"(x{pod=~"shop-1|shop-2"})");
}

TEST(BaselineJsonTest, WhatIsNoNumberOrNoTimeIsRefused) {
  for (
      const auto* text :
      {R"({"from": "yesterday", "to": "2026-03-01T12:00:00Z", "metrics": {}})",
       R"({"from": "2026-03-01T11:00:00Z", "to": "2026-03-01T12:00:00Z", "metrics": {"cpu": {"value": "4x", "requests": "0", "errors": "0", "query": ""}}})"}) {
    EXPECT_THROW(baseline_from_json(parse_json(text, "handoff")), Error) << text;
  }
}

// Pods are named by their ReplicaSet once a colour; only where their counters stood is by pod.
TEST(BaselineJsonTest, OneLookAtAHundredPodsFitsIntoFortyKilobytes) {
  const Config config;
  const Criteria criteria{.config = config, .baseline = baseline_of({"shop-blue-7d9f8b6c5d-*"})};
  auto memory = test::remembered(criteria, test::times(40, {}));
  memory.pods = {"shop-green-5b7c9d8f6d-*"};
  for (const auto& pod : hundred_pods("green")) memory.counters[pod] = {.errors = 1234, .requests = 1234567};
  const auto look = conclude(criteria, test::scope_of("green", memory.pods), memory);
  ASSERT_FALSE(look.findings.empty());
  const auto state = Json::object({{"baseline", to_json(criteria.baseline)},
                                   {"session", to_json(memory)},
                                   {"findings", json_list(look.findings, [](const auto& f) { return to_json(f); })}});
  EXPECT_LT(to_text(state).size(), 40'000U);
  const auto again = memory_from_json(state["session"]);
  EXPECT_EQ(again.pods, memory.pods) << "what {{pods}} stands for is kept";
}

}  // namespace
}  // namespace baton::judge
