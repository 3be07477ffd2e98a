// A number is the whole text or nothing.
#include "common/core/number.h"

#include <gtest/gtest.h>

namespace baton {
namespace {

struct Case {
  std::string_view text;
  std::optional<double> value;
};

TEST(ParseDecimalTest, TakesTheWholeTextOrNothing) {
  for (const auto& [text, value] :
       {Case{"0", 0}, Case{"-0.5", -0.5}, Case{"99.5", 99.5}, Case{"2e3", 2000}, Case{"1e-3", 0.001}}) {
    EXPECT_EQ(parse_decimal(text), value) << text;
  }
  for (const auto* text : {"", " ", " 1", "1 ", "+1", "12x", "1,5", "0x10", "1e", "-", ".", "1.2.3", "95 %"}) {
    EXPECT_EQ(parse_decimal(text), std::nullopt) << "'" << text << "'";
  }
}

TEST(ParseDecimalTest, TakesNothingThatCannotBeReckonedWith) {
  for (const auto* text : {"inf", "-inf", "infinity", "nan", "NaN", "1e999"})
    EXPECT_EQ(parse_decimal(text), std::nullopt) << text;
}

}  // namespace
}  // namespace baton
