// Quantiles as Prometheus gives them, and how many took longer.
#include "common/judge/histogram.h"

#include <gtest/gtest.h>

#include <cmath>

namespace baton::judge {
namespace {

/// 50 up to 100 ms, 45 more up to 500 ms, 5 longer than a second.
Histogram sample() { return Histogram({{0.1, 50}, {0.5, 95}, {1, 95}, {HUGE_VAL, 100}}); }

TEST(HistogramTest, QuantilesAreLinearWithinABucket) {
  EXPECT_DOUBLE_EQ(*sample().quantile(0.25), 0.05);
  EXPECT_DOUBLE_EQ(*sample().quantile(0.5), 0.1);
  EXPECT_DOUBLE_EQ(*sample().quantile(0.725), 0.3);
  EXPECT_DOUBLE_EQ(*sample().quantile(0.95), 0.5);
  EXPECT_DOUBLE_EQ(*sample().quantile(0.99), 1) << "of the last bucket only its lower edge is known";
}

TEST(HistogramTest, CountsWhatTookLonger) {
  EXPECT_DOUBLE_EQ(sample().slower(0.1), 50);
  EXPECT_DOUBLE_EQ(sample().slower(0.3), 27.5);
  EXPECT_DOUBLE_EQ(sample().slower(0.5), 5);
  EXPECT_DOUBLE_EQ(sample().slower(1), 5);
  EXPECT_DOUBLE_EQ(sample().slower(2), 0) << "how long those behind the last edge took nobody knows";
}

TEST(HistogramTest, KnowsTheEdgesAroundAValue) {
  EXPECT_EQ(sample().bucket_of(0.05), std::pair(0.0, 0.1));
  EXPECT_EQ(sample().bucket_of(0.1), std::pair(0.0, 0.1)) << "an edge ends its bucket";
  EXPECT_EQ(sample().bucket_of(0.2), std::pair(0.1, 0.5));
  EXPECT_TRUE(std::isinf(sample().bucket_of(7).second));
}

TEST(HistogramTest, WithoutAnInfiniteEdgeOrARequestThereIsNoQuantile) {
  EXPECT_FALSE(Histogram({{0.1, 50}}).quantile(0.5));
  EXPECT_FALSE(Histogram({{0.1, 0}, {HUGE_VAL, 0}}).quantile(0.5));
  EXPECT_FALSE(Histogram().quantile(0.5));
}

TEST(HistogramTest, AScrapeBetweenTwoEdgesMakesNoneSmaller) {
  const Histogram torn({{0.1, 52}, {0.5, 50}, {HUGE_VAL, 100}});
  EXPECT_DOUBLE_EQ(torn.slower(0.5), 48);
}

TEST(HistogramTest, EdgesAreReadAsLabelsSpellThem) {
  EXPECT_EQ(parse_edge("0.25"), 0.25);
  EXPECT_EQ(parse_edge("+Inf"), HUGE_VAL);
  EXPECT_EQ(parse_edge("slow"), std::nullopt);
  for (const double edge : {0.25, 1.0, 1e-05, 2.5, HUGE_VAL}) EXPECT_EQ(parse_edge(edge_text(edge)), edge);
}

TEST(HistogramTest, OthersEdgesAreTakenUp) {
  Histogram sum({{0.1, 1}, {HUGE_VAL, 2}});
  sum.add(Histogram({{0.05, 1}, {0.5, 3}, {HUGE_VAL, 4}}));
  EXPECT_EQ(sum.edges(), (std::vector<Histogram::Edge>{{0.05, 1}, {0.1, 1}, {0.5, 3}, {HUGE_VAL, 6}}));
}

TEST(HistogramTest, AddsUp) {
  auto sum = sample();
  sum.add(sample());
  EXPECT_DOUBLE_EQ(sum.total(), 200);
  EXPECT_DOUBLE_EQ(*sum.quantile(0.5), 0.1);
}

}  // namespace
}  // namespace baton::judge
