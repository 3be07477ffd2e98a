// Values with units: one form for machines, one for people, and the way back.
#include "common/core/measured.h"

#include <gtest/gtest.h>

namespace baton {
namespace {

TEST(MeasuredTest, ANumberIsDecimalForMachinesAndHasItsUnitForPeople) {
  EXPECT_EQ(Measured(0.0812345678, "s").decimal(), "0.081235");
  EXPECT_EQ(Measured(0.0812345678, "s").text(), "0.0812 s");
  EXPECT_EQ(Measured(185, "ms").text(), "185 ms");
  EXPECT_EQ(Measured(5.5, "%").text(), "5.5 %");
  EXPECT_EQ(Measured(1'234'567, "B").text(), "1.2 MB");
  EXPECT_EQ(Measured(3, "").text(), "3");
}

TEST(MeasuredTest, OneOfThemIsSingular) {
  EXPECT_EQ(Measured(1, "tests passed").text(), "1 test passed");
  EXPECT_EQ(Measured(2, "tests passed").text(), "2 tests passed");
  EXPECT_EQ(Measured(0, "nodes").text(), "0 nodes");
  EXPECT_EQ(Measured(1, "ms").text(), "1 ms");
}

TEST(MeasuredTest, ATextStandsForItself) {
  EXPECT_EQ(Measured("2/3").text(), "2/3");
  EXPECT_EQ(Measured("2/3").decimal(), "2/3");
  EXPECT_TRUE(Measured().is_empty());
  EXPECT_FALSE(Measured(0, "nodes").is_empty()) << "none of them is something";
}

TEST(MeasuredTest, WhatIsExpectedSaysRelationLimitAndBasis) {
  const Expected limit("<=", Measured(185, "ms"), "baseline +100%");
  EXPECT_EQ(limit.text(), "<= 185 ms (baseline +100%)");
  EXPECT_EQ(limit.decimal(), "<= 185 (baseline +100%)");
  EXPECT_EQ(Expected("all Ready").text(), "all Ready");
  EXPECT_EQ(Expected("=", Measured(3, "nodes")).text(), "3 nodes");
  EXPECT_TRUE(Expected().is_empty());
}

TEST(MeasuredTest, ReadsBackWhatItWrote) {
  for (const Measured& value : {Measured(5.5, "%"), Measured(0, "pending"), Measured("2/3"), Measured()}) {
    EXPECT_EQ(measured_from(value.decimal(), value.unit()), value) << value.text();
  }
  for (const Expected& value : {Expected("<=", Measured(185, "ms"), "baseline +100%"), Expected("<", Measured(70, "%")),
                                Expected("all Ready"), Expected()}) {
    EXPECT_EQ(expected_from(value.decimal(), value.value.unit()), value) << value.text();
  }
  EXPECT_EQ(expected_from("< seventy", "%"), Expected("< seventy")) << "what is no number stays a text";
}

}  // namespace
}  // namespace baton
