// Values of a state come back as they were, and nothing else is taken for one.
#include "common/judge/state_values.h"

#include <gtest/gtest.h>

#include "tests/support/refusal.h"

namespace baton::judge {
namespace {

TEST(StateValuesTest, ComeBackBitByBit) {
  for (const double value : {0.0, 0.1, -2.5, 99.5, 1e-7, 1e300}) EXPECT_EQ(decimal_from(decimal(value)), value);
  const auto time = *parse_rfc3339("2026-03-01T12:00:00.250Z");
  EXPECT_EQ(time_from(to_rfc3339(time)), time);
}

TEST(StateValuesTest, NothingElseIsTaken) {
  for (const auto* text : {"", "12x", "nan", "inf", " 1"}) {
    EXPECT_EQ(test::refusal(ExitCode::handoff, [&] { return decimal_from(text); }),
              "the state of a step holds '" + std::string(text) + "', which is no decimal number");
  }
  EXPECT_EQ(test::refusal(ExitCode::handoff, [] { return time_from("noon"); }),
            "the state of a step holds 'noon', which is no time");
}

}  // namespace
}  // namespace baton::judge
