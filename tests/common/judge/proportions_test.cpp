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

// Newcombe (1998), table II, method 10: 56/70 against 48/80 gives 0.0524 … 0.3339 at 95 %.
TEST(DifferenceLowerBound, ReproducesNewcombesTable) {
  EXPECT_NEAR(difference_lower_bound({56, 70}, {48, 80}, 1.959963985), 5.24, 0.01);
  EXPECT_NEAR(difference_lower_bound({9, 10}, {3, 10}, 1.959963985), 17.05, 0.01);
  EXPECT_NEAR(difference_lower_bound({10, 10}, {0, 10}, 1.959963985), 60.75, 0.01);
}

TEST(DifferenceLowerBound, SaysNothingWithoutRequests) {
  EXPECT_EQ(difference_lower_bound({0, 0}, {5, 1000}, 2), -100);
  EXPECT_EQ(difference_lower_bound({5, 100}, {0, 0}, 2), -100);
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
