// Kubernetes quantities: the notation of resource.Quantity, exact, rounded away from zero.
#include "common/core/quantity.h"

#include <gtest/gtest.h>

#include <limits>

#include "common/core/units.h"

namespace baton {
namespace {

constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();

struct Case {
  const char* text;
  std::int64_t whole;
  double value;
};

TEST(QuantityTest, EveryNotationHasItsValue) {
  const Case cases[] = {
      {"0", 0, 0},
      {"0Ki", 0, 0},
      {"000", 0, 0},
      {"187m", 1, 0.187},
      {"203861429n", 1, 0.203861429},
      {"15u", 1, 0.000015},
      {"2104Ki", 2'154'496, 2'154'496},
      {"7Mi", 7LL << 20, 7'340'032},
      {"6Gi", 6LL << 30, 6'442'450'944},
      {"4Pi", 4LL << 50, 4503599627370496},
      {"7Ei", 7LL << 60, 8070450532247928832.0},
      {"8k", 8000, 8000},
      {"2M", 2'000'000, 2'000'000},
      {"1G", 1'000'000'000, 1e9},
      {"3T", 3'000'000'000'000, 3e12},
      {"2P", 2'000'000'000'000'000, 2e15},
      {"1E", 1'000'000'000'000'000'000, 1e18},
      {"1E3", 1000, 1000},
      {"1e+3", 1000, 1000},
      {"1E-3", 1, 0.001},
      {"1.5e2", 150, 150},
      {"0.5", 1, 0.5},
      {".5", 1, 0.5},
      {"1.", 1, 1},
      {"2.G", 2'000'000'000, 2e9},
      {"+3", 3, 3},
      {"-3", -3, -3},
      {"100.035k", 100'035, 100'035},
      {"100.035Ki", 102'436, 102'435.84},
      {"0.5Mi", 524'288, 524'288},
      {"0.025Ti", 27'487'790'695, 27'487'790'694.4},
  };
  for (const auto& expected : cases) {
    const auto quantity = parse_quantity(expected.text);
    ASSERT_TRUE(quantity) << expected.text;
    EXPECT_EQ(quantity->whole, expected.whole) << expected.text;
    EXPECT_DOUBLE_EQ(quantity->value, expected.value) << expected.text;
  }
}

TEST(QuantityTest, RoundsAwayFromZeroToNano) {
  const std::pair<const char*, double> cases[] = {
      {"3.001n", 4e-9},           {"0.1n", 1e-9},   {"0.00000012345", 124e-9}, {"1e-9999", 1e-9},
      {"0.000000000001Ki", 2e-9}, {"-0.1n", -1e-9}, {"-9.01", -9.01},
  };
  for (const auto& [text, value] : cases) EXPECT_DOUBLE_EQ(parse_quantity(text)->value, value) << text;
  EXPECT_EQ(parse_quantity("-9.01")->whole, -10);
}

TEST(QuantityTest, IsExactWhereDoublesAreNot) {
  EXPECT_EQ(parse_quantity("9007199254740993")->whole, 9007199254740993);
  EXPECT_EQ(parse_quantity("203870386701")->value, 203870386701.0);
  EXPECT_EQ(parse_quantity("1.000000000000000000000000000000000000001Gi")->whole, (1LL << 30) + 1);
  EXPECT_EQ(parse_quantity("1." + std::string(500, '0') + "Ei")->whole, 1LL << 60);
  EXPECT_EQ(parse_quantity(std::string(900, '0') + "1Ki")->whole, 1024);
}

TEST(QuantityTest, IsCappedAt63Bits) {
  EXPECT_EQ(parse_quantity("9223372036854775807")->whole, kMost);
  for (const char* text : {"9223372036854775808", "9Ei", "8Ei", "12E", "1e9999", "9223372036854775807Ki"}) {
    EXPECT_EQ(parse_quantity(text)->whole, kMost) << text;
  }
  EXPECT_EQ(parse_quantity("-9Ei")->whole, -kMost);
  EXPECT_EQ(parse_quantity(std::string(900, '9'))->whole, kMost);
}

TEST(QuantityTest, AnythingElseIsRefused) {
  for (const char* text :
       {"",   ".",   "-",   "+",       "Ki",    "1.1.1",   "1 ",  " 1",  "1K",  "1ki",  "1mi", "1i",  "1KI",  "0.1am",
        "1e", "1e+", "1E-", "-3.01e-", "1e1.5", "1e12345", "--1", "+-1", "1+1", "0x10", "nan", "inf", "1Kib", "1mm"}) {
    EXPECT_FALSE(parse_quantity(text)) << text;
  }
  EXPECT_FALSE(parse_quantity(std::string(1001, '1')));
}

}  // namespace
}  // namespace baton
