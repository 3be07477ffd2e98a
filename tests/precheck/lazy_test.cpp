// Values that are made once.
#include "tools/precheck/lazy.h"

#include <gtest/gtest.h>

#include <stdexcept>

#include "common/io/in_parallel.h"

namespace baton::precheck {
namespace {

TEST(LazyTest, MakesItsValueOnceAndTriesAgainAfterATrouble) {
  Lazy<int> lazy;
  int made = 0;
  EXPECT_THROW(lazy.get([]() -> int { throw std::runtime_error("not yet"); }), std::runtime_error);
  in_parallel(8, 4, [&](std::size_t) { lazy.get([&] { return ++made; }); });
  EXPECT_EQ(lazy.get([] { return 7; }), 1);
  EXPECT_EQ(made, 1);
}

}  // namespace
}  // namespace baton::precheck
