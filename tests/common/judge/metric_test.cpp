// The table of metrics, and what has to agree with it.
#include "common/judge/metric.h"

#include <gtest/gtest.h>

#include <set>

#include "common/judge/own_query.h"
#include "common/judge/rules.h"
#include "tests/common/judge/history.h"
#include "tests/common/judge/points.h"

namespace baton::judge {
namespace {

using namespace std::chrono_literals;

std::set<std::string> judged_metrics() {
  std::set<std::string> ids;
  for (const auto* metric : metrics()) {
    if (metric->rules.front().evaluate != nullptr) ids.emplace(metric->id);
  }
  return ids;
}

TEST(MetricTest, ThoseWithRulesAreThoseWithLimitsInTheConfiguration) {
  std::set<std::string> limited;
  for (const auto& [metric, limits] : sop_limits()) limited.insert(metric);
  EXPECT_EQ(judged_metrics(), limited);
}

TEST(MetricTest, EachMayHaveAQueryOfItsOwnInTheConfiguration) {
  std::set<std::string_view> known;
  for (const auto* metric : metrics()) {
    known.insert(metric->id);
    EXPECT_NE(metric->own.find("QUERY"), std::string_view::npos) << metric->id;
  }
  std::set<std::string_view> configurable;
  const auto configured = found_metrics();
  for (const auto& [metric, config] : configured) configurable.insert(metric);
  EXPECT_EQ(known, configurable);
}

TEST(MetricTest, EachHasANameAHeadingAUnitAndAQuery) {
  std::set<std::string_view> ids;
  const auto terms = terms_for(Config{}, test::scope_of("green", {"shop-green-1"}), test::source(), 1min);
  ASSERT_FALSE(metrics().empty());
  for (const auto* metric : metrics()) {
    EXPECT_TRUE(ids.insert(metric->id).second) << metric->id << " is there twice";
    EXPECT_FALSE(metric->heading.empty()) << metric->id;
    EXPECT_FALSE(metric->unit.symbol.empty()) << metric->id;
    if (metric->query == nullptr) continue;
    const std::string pods = metric->is_of_all ? "shop-green-.*" : "shop-green-1";
    EXPECT_NE(query_of(*metric, terms).find("pod=~\"" + pods + "\""), std::string::npos) << metric->id;
  }
}

TEST(MetricTest, EachRuleSaysItsStepAndTitle) {
  for (const auto& rule : rules()) {
    EXPECT_FALSE(rule.row.sop.empty()) << rule.id;
    EXPECT_FALSE(rule.row.title.empty()) << rule.id;
  }
}

TEST(MetricTest, CriticalRulesComeFirstInTheTablesOrder) {
  std::vector<std::string> ids;
  for (const auto& rule : rules()) ids.push_back(rule.id);
  EXPECT_EQ(ids,
            (std::vector<std::string>{"error-rate-critical", "latency-p95-critical", "latency-p95-slow", "cpu-critical",
                                      "memory-critical", "memory-trend", "error-rate-warning", "latency-p95-warning",
                                      "request-drop-warning", "cpu-warning", "memory-warning"}));
}

TEST(MetricTest, ValuesAreShownInTheUnitPeopleRead) {
  EXPECT_EQ(measured(kLatencyP95, 0.125).text(), "125 ms");
  EXPECT_EQ(measured(kErrorRate, 5.5).text(), "5.5 %");
  EXPECT_EQ(measured(kRequestRate, 12).text(), "12 requests/s");
}

TEST(QueriesTest, PodsAreAnchoredNamesWithTheirDotsEscaped) {
  EXPECT_EQ(pods_regex(std::vector<std::string>{"a-1", "b.2"}), R"(a-1|b\\.2)");
}

TEST(QueriesTest, WithoutPodsTheDeploymentsNameIsTheirBeginning) {
  const auto terms = terms_for(Config{}, test::scope_of("green", {}), test::source(), 1min);
  EXPECT_EQ(terms.selector, R"(namespace="production",pod=~"shop-green-.*")");
}

TEST(QueriesTest, ThePodsCanBeLeftOpen) {
  const auto scope = test::scope_of("green", {"shop-green-1"});
  EXPECT_EQ(terms_for(Config{}, scope, test::source(), 1min, PodNames::left_open).selector,
            R"(namespace="production",pod=~"{{pods}}")");
}

}  // namespace
}  // namespace baton::judge
