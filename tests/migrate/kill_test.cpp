// kill -9 at moments spread over a whole run: the next run ends as if nothing had happened.
#include <gtest/gtest.h>
#include <signal.h>

#include <regex>

#include "common/config/sections/handoff.h"
#include "common/core/text.h"
#include "common/io/clock.h"
#include "tests/migrate/ground.h"
#include "tests/support/background.h"
#include "tests/support/postgres.h"
#include "tools/migrate/backup/backup.h"

namespace baton::migrate {
namespace {

using database::Engine;
using test::Ground;
using test::up_and_down;

constexpr int kMoments = 10;
const std::vector<std::string> kArguments = {"up", "--standalone", "--release", "v1.6.0"};

class KillTest : public testing::TestWithParam<Engine> {
 protected:
  /// A database with something in it, and migrations that take a while together.
  std::unique_ptr<Ground> fresh() const {
    auto ground = std::make_unique<Ground>(GetParam());
    const auto address = database::parse_address(ground->url());
    database::connect(address, std::chrono::seconds(5), database::IfMissing::create)
        ->execute("create table old (id int)");
    for (int number = 1; number <= 5; ++number) ground->add(number, "m", up_and_down(body(number), "select 1;"));
    return ground;
  }

  std::string body(int number) const {
    const std::string table = "t" + std::to_string(number);
    const std::string many = GetParam() == Engine::sqlite
                                 ? "with recursive n(i) as (select 1 union all select i + 1 from n where i < 20000) "
                                   "insert into " +
                                       table + " select i from n;"
                                 : "insert into " + table + " select generate_series(1, 20000); select pg_sleep(0.03);";
    return "create table " + table + " (id int);\ninsert into old values (" + std::to_string(number) + ");\n" + many;
  }

  Duration run_through(const Ground& ground) const {
    const Duration started = clock_.monotonic();
    const auto result = ground.run(kArguments);
    EXPECT_EQ(result.exit_code, 0) << result.error << result.output;
    return clock_.monotonic() - started;
  }

  void run_and_kill(const Ground& ground, Duration after) {
    std::vector<std::string> argv = {"env", "-C", ground.path().string(), "DATABASE_URL=" + ground.url(),
                                     test::executable().string()};
    argv.insert(argv.end(), kArguments.begin(), kArguments.end());
    const baton::test::Background process(argv, ground.path() / "killed.log");
    clock_.sleep_for(after, {});
    process.signal(SIGKILL);
  }

  /// What a backup holds: of the time before the first migration nothing but the table "old".
  std::string tables_in(const fs::path& backup) const {
    if (GetParam() == Engine::sqlite) {
      return baton::test::ask("sqlite:" + backup.string(), "select name from sqlite_master order by 1");
    }
    const auto list = run_process({.argv = {find_dump_programs(15).restore.string(), "--file=-", backup.string()}});
    std::string tables;
    for (const auto& line : split(list.output, '\n')) tables += line.starts_with("CREATE TABLE") ? line : "";
    return tables;
  }

  /// All that must not depend on the kill.
  std::string outcome(const Ground& ground) const {
    const Json handoff = ground.handoff();
    std::string text = handoff["verdict"].string() + "\n" + ground.versions() + "\n" +
                       ground.ask("select id from old order by 1") + "\n";
    for (int number = 1; number <= 5; ++number)
      text += ground.ask("select count(*) from t" + std::to_string(number)) + "\n";
    for (const auto& migration : handoff["state"]["applied"].items()) text += migration["file"].string() + "\n";
    text += std::to_string(handoff["state"]["pending"].size()) + " pending\n";
    for (const auto& line : handoff["state"]["log"].items()) {
      text += std::regex_replace(line.string(), std::regex("^\\[.*\\] | \\(.*\\)$"), "") + "\n";
    }
    for (const auto& path : ground.backups()) text += path.extension().string() + " of " + tables_in(path) + "\n";
    return text;
  }

  mutable SystemClock clock_;
};

INSTANTIATE_TEST_SUITE_P(, KillTest, testing::Values(Engine::sqlite, Engine::postgresql),
                         [](const auto& engine) { return engine.param == Engine::sqlite ? "Sqlite" : "Postgresql"; });

TEST_P(KillTest, ChangesNothingInTheEnd) {
  const auto whole = fresh();
  const Duration length = run_through(*whole);
  const std::string expected = outcome(*whole);
  for (int moment = 0; moment < kMoments; ++moment) {
    const auto ground = fresh();
    run_and_kill(*ground, length * moment / kMoments);
    run_through(*ground);
    EXPECT_EQ(outcome(*ground), expected)
        << "killed after " << (length * moment / kMoments).count() << " ms of " << length.count();
  }
}

}  // namespace
}  // namespace baton::migrate
