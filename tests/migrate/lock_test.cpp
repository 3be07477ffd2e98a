// Two runs in one database.
#include "tools/migrate/lock.h"

#include <gtest/gtest.h>

#include "tests/migrate/ground.h"

namespace baton::migrate {
namespace {

using namespace std::chrono_literals;
using database::Engine;
using test::logged_by;

class LockTest : public testing::Test {
 protected:
  std::unique_ptr<database::Database> open() { return database::connect(database::parse_address(ground_.url()), 5s); }
  std::optional<std::string> take(database::Database& database, Duration patience, std::stop_token stop = {}) {
    return take_lock(database, Engine::postgresql, {.clock = clock_, .stop = stop}, patience);
  }

  test::Ground ground_{Engine::postgresql};
  ManualClock clock_{Time{}};
};

TEST_F(LockTest, IsHeldByOneConnectionOnly) {
  const auto first = open();
  EXPECT_EQ(take(*first, 0s), std::nullopt);
  const auto pid = *first->query("select pg_backend_pid()").rows[0][0];
  const auto holder = take(*open(), 0s);
  ASSERT_TRUE(holder);
  EXPECT_TRUE(holder->starts_with("server process " + pid + " of user 'baton' from 127.0.0.1, connected since "))
      << *holder;
}

TEST_F(LockTest, WaitsAsLongAsItsPatience) {
  const auto first = open();
  take(*first, 0s);
  EXPECT_TRUE(take(*open(), 5min));
  EXPECT_EQ(clock_.monotonic(), 5min);
}

TEST_F(LockTest, SaysWhatItWaitsFor) {
  const auto first = open();
  take(*first, 0s);
  const auto second = open();
  const auto said = logged_by([&](Log& log) {
    take_lock(*second, Engine::postgresql, {.clock = clock_, .progress = log.progress_lines()}, 3s);
  });
  const auto pid = *first->query("select pg_backend_pid()").rows[0][0];
  EXPECT_TRUE(said.starts_with("migrate: waiting for another migration run (server process " + pid +
                               " of user 'baton' from 127.0.0.1, connected since "))
      << said;
  EXPECT_TRUE(said.ends_with(" UTC), 2s of 3s\n")) << said;
}

TEST_F(LockTest, GoesWithItsConnection) {
  auto first = open();
  take(*first, 0s);
  first.reset();
  EXPECT_EQ(take(*open(), 1min), std::nullopt);
}

TEST_F(LockTest, EndsTheWaitWhenStopped) {
  const auto first = open();
  take(*first, 0s);
  std::stop_source stop;
  stop.request_stop();
  EXPECT_THROW(take(*open(), 1min, stop.get_token()), Error);
}

}  // namespace
}  // namespace baton::migrate
