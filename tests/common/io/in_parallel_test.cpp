// Work that is shared out.
#include "common/io/in_parallel.h"

#include <gtest/gtest.h>

#include <atomic>
#include <stdexcept>

namespace baton {
namespace {

TEST(InParallelTest, DoesEveryPieceOfWorkOnce) {
  std::vector<std::atomic<int>> done(50);
  in_parallel(done.size(), 4, [&](std::size_t at) { ++done[at]; });
  for (const auto& times : done) EXPECT_EQ(times, 1);
}

TEST(InParallelTest, ThrowsTheFirstTroubleInOrderAfterAllIsDone) {
  std::atomic<int> done = 0;
  try {
    in_parallel(10, 3, [&](std::size_t at) {
      ++done;
      if (at >= 4) throw std::runtime_error(std::to_string(at));
    });
    FAIL() << "nothing was thrown";
  } catch (const std::runtime_error& error) {
    EXPECT_STREQ(error.what(), "4");
  }
  EXPECT_EQ(done, 10);
}

TEST(InParallelTest, NothingToDoIsDone) {
  in_parallel(0, 4, [](std::size_t) { FAIL(); });
}

}  // namespace
}  // namespace baton
