// Confidence bounds and sample sizes against published and simulated figures.
#include "common/judge/proportions.h"

#include <gtest/gtest.h>

#include <cmath>

namespace baton::judge {
namespace {

TEST(NormalQuantile, GivesTheTablesValues) {
  EXPECT_NEAR(normal_quantile(0.5), 0.0, 1e-9);
  EXPECT_NEAR(normal_quantile(0.975), 1.959963985, 1e-8);
  EXPECT_NEAR(normal_quantile(0.98), 2.053748911, 1e-8);
  EXPECT_NEAR(normal_quantile(0.02), -2.053748911, 1e-8);
}

// Newcombe (1998), table II, method 10: 56/70 against 48/80 gives 0.0524 at 95 %. Where hundreds failed this is his; of
// fewer the exact limit is the wider one.
TEST(DifferenceLowerBound, IsNewcombesWhereManyFailed) {
  EXPECT_NEAR(difference_lower_bound({56, 70}, {48, 80}, 1.959963985), 4.91, 0.01);
  EXPECT_NEAR(difference_lower_bound({560, 700}, {480, 800}, 1.959963985), 15.40, 0.1);
}

// Clopper and Pearson (1934): of ten, three hits have 6.67 % as their lower 97.5 % limit, ten have 69.15 %.
TEST(ShareLowerBound, IsExactWhereFewFailed) {
  EXPECT_NEAR(share_lower_bound({3, 10}, 1.959963985), 0.0667, 0.0001);
  EXPECT_NEAR(share_lower_bound({10, 10}, 1.959963985), 0.6915, 0.0001);
  EXPECT_EQ(share_lower_bound({0, 10}, 2), 0);
  EXPECT_EQ(share_lower_bound({0, 0}, 2), 0);
}

TEST(DifferenceLowerBound, SaysNothingWithoutRequests) {
  EXPECT_EQ(difference_lower_bound({0, 0}, {5, 1000}, 2), -100);
  EXPECT_EQ(difference_lower_bound({5, 100}, {0, 0}, 2), -100);
}

// Clopper and Pearson's table: 0 of 84 and 3 of 84.
TEST(ShareTest, HasTheExactInterval) {
  EXPECT_EQ(share_text(share_of(0, 84)), "0.0 [0.0, 4.3]");
  EXPECT_EQ(share_text(share_of(3, 84)), "3.6 [0.7, 10.1]");
  EXPECT_EQ(share_text(share_of(12, 12)), "100.0 [73.5, 100.0]");
  EXPECT_EQ(share_text(share_of(0, 0)), "0.0 [0.0, 100.0]");
}

TEST(RequestsNeeded, TenRequestsWithOneErrorAreTooFew) {
  EXPECT_GT(requests_needed({36, 7200}, 5, normal_quantile(1 - kLookAlpha)), 100);
}

TEST(RequestsNeeded, AgreesWithThePublishedSampleSizes) {
  // 0.5 % + 5 points with a control 19 times as large: 91; equal arms are not modelled, the control is fixed.
  EXPECT_NEAR(requests_needed({0.005 * 19 * 91, 19 * 91}, 5, normal_quantile(0.98)), 91, 2);
  EXPECT_NEAR(requests_needed({0.005 * 19 * 980, 19 * 980}, 1, normal_quantile(0.98)), 980, 10);
}

TEST(RequestsNeeded, IsInfiniteWithoutABaseline) {
  EXPECT_TRUE(std::isinf(requests_needed({0, 0}, 5, 2)));
  EXPECT_TRUE(std::isinf(requests_needed({1, 100}, 0, 2)));
}

}  // namespace
}  // namespace baton::judge
