// A file of time series: what comes back, what a killed writer leaves, and what is refused.
#include "common/clients/database/series_file.h"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <bit>
#include <csignal>
#include <cstdlib>
#include <limits>
#include <tuple>

#include "common/clients/database/database.h"
#include "common/io/process.h"
#include "tests/support/refusal.h"

namespace baton::database {
namespace {

using namespace std::chrono_literals;
using test::refusal;
using test::refusal_and_hint;
using test::says;

const Time kStart{1'762'264'800s};
const SeriesName kRequests{.metric = "error-rate", .part = "requests", .query = "sum(rate(a[1m]))", .step = 10s};
const SeriesName kErrors{.metric = "error-rate", .part = "errors", .query = "sum(rate(b[1m]))", .step = 10s};

class SeriesFileTest : public testing::Test {
 protected:
  SeriesFile open(Access access) const { return {file_, access, /*patience=*/50ms}; }
  std::string refused(Access access, ExitCode code = ExitCode::unknown) const {
    return refusal(code, [&] { return open(access).note("none"); });
  }
  /// As any other program would.
  std::unique_ptr<Database> other() const { return connect(parse_address("sqlite:" + path()), 1s); }
  std::string path() const { return file_.path().string(); }
  std::vector<std::string> names() const {
    std::vector<std::string> names;
    for (const auto& entry : fs::directory_iterator(folder_.path())) names.push_back(entry.path().filename());
    return names;
  }

  TempFolder folder_;
  Inside file_{.folder = folder_.path(), .name = "points.db"};
};

using Row = std::tuple<std::string, Time, double>;

std::vector<Row> rows_of(SeriesFile&& file) {
  std::vector<Row> rows;
  file.each([&](const SeriesName& series, Time time, double value) { rows.emplace_back(series.part, time, value); });
  return rows;
}

/// So many samples of one value, a second apart.
void fill(SeriesFile& file, int count, double value) {
  const int series = file.number(kRequests);
  std::vector<Sample> samples;
  for (int at = 0; at < count; ++at) samples.push_back({.series = series, .time = kStart + at * 1s, .value = value});
  file.replace_from(kStart, samples, {{"value", std::to_string(value)}});
}

void expect_filled(SeriesFile&& file, std::size_t count, double value) {
  std::vector<Row> expected;
  for (std::size_t at = 0; at < count; ++at) expected.emplace_back("requests", kStart + at * 1s, value);
  EXPECT_EQ(file.note("value"), std::to_string(value));
  EXPECT_TRUE(rows_of(std::move(file)) == expected) << "not " << count << " samples of " << value;
}

TEST_F(SeriesFileTest, GivesEveryNumberBackBitForBit) {
  using Limits = std::numeric_limits<double>;
  const std::vector<double> values{0.0,
                                   -0.0,
                                   1.0,
                                   -3.0,
                                   0.1,
                                   1e300,
                                   9007199254740993.0,
                                   Limits::denorm_min(),
                                   -Limits::denorm_min(),
                                   Limits::min(),
                                   Limits::max(),
                                   Limits::lowest()};
  std::vector<Sample> samples;
  {
    auto file = open(Access::write);
    for (const double value : values)
      samples.push_back({.series = file.number(kErrors), .time = kStart + samples.size() * 1ms, .value = value});
    file.replace_from(kStart, samples, {});
  }
  const auto rows = rows_of(open(Access::read));
  ASSERT_EQ(rows.size(), values.size());
  for (std::size_t at = 0; at < values.size(); ++at) {
    EXPECT_EQ(std::bit_cast<std::uint64_t>(std::get<double>(rows[at])), std::bit_cast<std::uint64_t>(values[at]));
  }
}

TEST_F(SeriesFileTest, ReadsByTimeThenBySeries) {
  auto file = open(Access::write);
  const int first = file.number(kRequests);
  const int second = file.number(kErrors);
  file.replace_from(kStart,
                    {{second, kStart + 1s, 4}, {first, kStart + 1s, 3}, {second, kStart, 2}, {first, kStart, 1}}, {});
  const std::vector<Row> expected{
      {"requests", kStart, 1}, {"errors", kStart, 2}, {"requests", kStart + 1s, 3}, {"errors", kStart + 1s, 4}};
  EXPECT_EQ(rows_of(std::move(file)), expected);
  EXPECT_EQ(rows_of(open(Access::read)), expected);
}

TEST_F(SeriesFileTest, ReadsAnyNumberOfSamples) {
  for (const int count : {0, 1, 999, 1000, 1001, 2000, 2001}) {
    auto file = open(Access::write);
    fill(file, count, count);
    expect_filled(open(Access::read), static_cast<std::size_t>(count), count);
  }
}

TEST_F(SeriesFileTest, ReplacesWhatIsNotBefore) {
  auto file = open(Access::write);
  const int series = file.number(kErrors);
  file.replace_from(kStart, {{series, kStart, 1}, {series, kStart + 1s, 2}, {series, kStart + 2s, 3}}, {{"a", "1"}});
  file.replace_from(kStart + 1s, {{series, kStart + 1s, 20}}, {{"b", "2"}});
  EXPECT_EQ(rows_of(open(Access::read)), (std::vector<Row>{{"errors", kStart, 1}, {"errors", kStart + 1s, 20}}));
  file.replace_from(kStart + 1s, {}, {{"a", ""}});
  EXPECT_EQ(rows_of(open(Access::read)), (std::vector<Row>{{"errors", kStart, 1}}));
  EXPECT_EQ(file.note("a"), "");
  EXPECT_EQ(file.note("b"), "2");
  EXPECT_EQ(file.note("c"), std::nullopt);
}

TEST_F(SeriesFileTest, KnowsItsSeriesAgain) {
  {
    auto file = open(Access::write);
    file.number(kRequests);
    file.replace_from(kStart, {{file.number(kErrors), kStart, 1}}, {});
  }
  auto file = open(Access::write);
  SeriesName wider = kErrors;
  wider.step = 1min;
  EXPECT_EQ(file.number(wider), 2);
  EXPECT_EQ(file.number(kErrors), 1);
  EXPECT_EQ(file.number(kRequests), 0);
  file.replace_from(kStart + 1s, {{2, kStart + 1s, 2}}, {});
  std::vector<SeriesName> seen;
  open(Access::read).each([&](const SeriesName& series, Time, double) { seen.push_back(series); });
  EXPECT_EQ(seen, (std::vector{kErrors, wider}));
}

TEST_F(SeriesFileTest, LeavesOneFileForItsOwner) {
  const mode_t before = ::umask(0);
  {
    auto file = open(Access::write);
    fill(file, 3, 1);
    EXPECT_EQ(names(), std::vector<std::string>{"points.db"});
  }
  ::umask(before);
  expect_filled(open(Access::read), 3, 1);
  EXPECT_EQ(names(), std::vector<std::string>{"points.db"});
  EXPECT_EQ(fs::status(file_.path()).permissions(), fs::perms::owner_read | fs::perms::owner_write);
}

TEST_F(SeriesFileTest, IsReadByAnyProgram) {
  auto file = open(Access::write);
  const int series = file.number(kErrors);
  file.replace_from(kStart, {{series, kStart, 0.25}, {series, kStart + 1005ms, 2}}, {{"criteria", "{\"ä\":1}"}});
  const auto rows = other()->query("select * from samples");
  EXPECT_EQ(rows.columns, (std::vector<std::string>{"metric", "part", "query", "step", "time", "value"}));
  ASSERT_EQ(rows.rows.size(), 2U);
  EXPECT_EQ(rows.rows[0],
            (baton::database::Row{"error-rate", "errors", "sum(rate(b[1m]))", "10000", to_rfc3339(kStart), "0.25"}));
  EXPECT_EQ(rows.rows[1][4], to_rfc3339(kStart + 1005ms));
  EXPECT_EQ(other()->query("select text from notes").rows.at(0).at(0), "{\"ä\":1}");
}

TEST_F(SeriesFileTest, RefusesWhatItsCallerMayNotGive) {
  auto file = open(Access::write);
  fill(file, 2, 1);
  const auto refused = [&](const std::vector<Sample>& samples, const Notes& notes = {}) {
    return refusal(ExitCode::error, [&] { return file.replace_from(kStart, samples, notes), 0; });
  };
  for (const double value : {std::nan(""), HUGE_VAL, -HUGE_VAL}) {
    EXPECT_EQ(refused({{0, kStart, value}}), "a series cannot be kept: a sample is no finite number");
  }
  EXPECT_EQ(refused({{1, kStart, 1}}), "a series cannot be kept: a sample has no series");
  EXPECT_EQ(refused({{-1, kStart, 1}}), "a series cannot be kept: a sample has no series");
  EXPECT_EQ(refused({{0, kStart - 1ms, 1}}), "a series cannot be kept: a sample is older than what it replaces");
  EXPECT_EQ(refused({{0, kStart, 1}, {0, kStart, 2}}), "a series cannot be kept: a sample is there twice");
  EXPECT_EQ(refused({}, {{"a", std::string("\0", 1)}}), "a series cannot be kept: a text holds a NUL byte");
  EXPECT_EQ(refusal(ExitCode::error, [&] { return file.number({.query = std::string("a\0b", 3)}); }),
            "a series cannot be kept: a text holds a NUL byte");
  expect_filled(std::move(file), 2, 1);
}

TEST_F(SeriesFileTest, IsAsBeforeWhereAnotherHoldsIt) {
  auto file = open(Access::write);
  fill(file, 2, 1);
  const auto holder = other();
  holder->execute("begin; select * from points");  // the write is prepared, but its commit is refused
  file.number(kErrors);
  EXPECT_EQ(
      refusal_and_hint(ExitCode::error, [&] { return fill(file, 3, 2), 0; }),
      "cannot write '" + path() +
          "': database is locked | Check the file's permissions and the disk, and whether another program holds the "
          "file.");
  expect_filled(open(Access::read), 2, 1);
  holder->execute("commit");
  fill(file, 3, 2);
  expect_filled(open(Access::read), 3, 2);
}

TEST_F(SeriesFileTest, ReadsOnlyWhatIsThere) {
  EXPECT_EQ(refused(Access::read), "cannot read '" + path() + "': no such file");
  EXPECT_TRUE(names().empty());
  open(Access::write);
  auto file = open(Access::read);
  EXPECT_TRUE(
      says(refusal(ExitCode::error, [&] { return fill(file, 1, 1), 0; }), "attempt to write a readonly database"));
  EXPECT_EQ(rows_of(std::move(file)), std::vector<Row>{});
}

TEST_F(SeriesFileTest, RefusesOtherFiles) {
  const std::string words = "cannot use '" + path() + "': it is no file of time series";
  write_file(file_, "");
  EXPECT_EQ(refused(Access::read), words);
  write_file(file_, std::string(5000, 'x'));
  for (const auto access : {Access::read, Access::write}) EXPECT_EQ(refused(access), words);
  EXPECT_EQ(read_file(file_), std::string(5000, 'x'));
  write_file(file_, "");
  other()->execute("create table t (id text)");
  const std::string before = read_file(file_);
  for (const auto access : {Access::read, Access::write}) EXPECT_EQ(refused(access), words);
  EXPECT_EQ(read_file(file_), before);
}

TEST_F(SeriesFileTest, RefusesWhatAStrangerAdded) {
  open(Access::write);
  other()->execute("create trigger t after insert on points begin delete from points; end");
  EXPECT_TRUE(says(refused(Access::write), "it is no file of time series"));
  other()->execute("drop trigger t");
  EXPECT_EQ(refused(Access::write), "taken");
  other()->execute("pragma ignore_check_constraints = 1; insert into points values (1, 1, 'much')");
  EXPECT_TRUE(says(refused(Access::write), "it is damaged: CHECK constraint failed in points"));
  other()->execute("delete from points; insert into points values (1, 1, 1.0)");
  EXPECT_EQ(refusal(ExitCode::unknown, [&] { return rows_of(open(Access::read)).size(); }),
            "cannot use '" + path() + "': it is damaged: a point has no series");
  other()->execute("insert into series values (7, 'a', 'b', 'c', 1)");
  EXPECT_EQ(refused(Access::write), "cannot use '" + path() + "': it is damaged: its series are not numbered from 1");
}

TEST_F(SeriesFileTest, RefusesALaterVersion) {
  open(Access::write);
  other()->execute("pragma user_version = 2");
  for (const auto access : {Access::read, Access::write}) {
    EXPECT_EQ(refusal_and_hint(ExitCode::unknown, [&] { return open(access).note("none"); }),
              "cannot use '" + path() +
                  "': a later version of Baton wrote it (format 2) | Use that version, or another folder.");
  }
}

TEST_F(SeriesFileTest, RefusesADamagedFile) {
  {
    auto file = open(Access::write);
    fill(file, 5000, 1);
  }
  const std::string whole = read_file(file_);
  std::string damaged = whole;
  damaged.replace(damaged.size() / 2, 100, 100, 'x');
  for (const std::string& bytes : {damaged, whole.substr(0, whole.size() / 2)}) {
    write_file(file_, bytes);
    for (const auto access : {Access::read, Access::write})
      EXPECT_TRUE(says(refused(access), "cannot use '" + path() + "': it is damaged: "));
  }
}

TEST_F(SeriesFileTest, FollowsNoLink) {
  const TempFolder elsewhere;
  const Inside target{.folder = elsewhere.path(), .name = "points.db"};
  fs::create_symlink(target.path(), file_.path());
  EXPECT_EQ(refused(Access::write, ExitCode::error), "cannot write '" + path() + "': it is a link");
  EXPECT_TRUE(fs::is_empty(elsewhere.path()));
  { const SeriesFile file(target, Access::write); }
  EXPECT_EQ(refused(Access::write, ExitCode::error), "cannot write '" + path() + "': it is a link");
  EXPECT_EQ(refused(Access::read), "cannot read '" + path() + "': it is a link");

  fs::create_directory_symlink(elsewhere.path(), folder_.path() / "evidence");
  file_.name = "evidence/points.db";
  EXPECT_TRUE(says(refused(Access::read), "on the way to it is a link"));
  EXPECT_TRUE(says(refused(Access::write, ExitCode::error), "on the way to it is a link"));
  file_.name = "../points.db";
  EXPECT_TRUE(says(refused(Access::write), "the name leaves its folder"));
  file_.name = "pipe";
  ASSERT_EQ(::mkfifo(path().c_str(), 0600), 0);
  EXPECT_EQ(refused(Access::write, ExitCode::error), "cannot write '" + path() + "': it is no regular file");
}

std::string in_four_bytes(std::uint32_t number) {
  std::string bytes;
  for (int shift = 24; shift >= 0; shift -= 8) bytes += static_cast<char>(number >> static_cast<unsigned>(shift));
  return bytes;
}

/// A journal that SQLite plays back, and whose end names a file that it deletes then.
std::string journal_that_names(const std::string& victim, std::uint32_t pages) {
  const std::string magic = "\xd9\xd5\x05\xf9\x20\xa1\x63\xd7";
  std::string bytes = magic;
  for (const std::uint32_t number : {0U, 0U, pages, 512U, 4096U}) bytes += in_four_bytes(number);
  bytes.resize(512, '\0');
  std::uint32_t sum = 0;
  for (const char c : victim) sum += static_cast<std::uint32_t>(c);
  const std::uint32_t lock_page = (1U << 30U) / 4096 + 1;
  return bytes + in_four_bytes(lock_page) + victim + in_four_bytes(static_cast<std::uint32_t>(victim.size())) +
         in_four_bytes(sum) + magic;
}

TEST_F(SeriesFileTest, DeletesNoFileThatAPlantedJournalNames) {
  open(Access::write);
  const fs::path victim = folder_.path() / "victim";
  write_file(victim, "of somebody else");
  const Inside journal{.folder = folder_.path(), .name = "points.db-journal"};
  const auto pages = static_cast<std::uint32_t>(fs::file_size(file_.path()) / 4096);
  write_file(journal, journal_that_names(victim, pages));
  for (const auto access : {Access::read, Access::write}) {
    EXPECT_EQ(refused(access), "cannot use '" + journal.path().string() + "': it names another file to delete");
  }
  EXPECT_TRUE(fs::exists(victim));
  other()->query("select count(*) from points");
  EXPECT_FALSE(fs::exists(victim)) << "SQLite would not have deleted it: the test shows nothing";

  fs::remove(journal.path());
  fs::create_symlink(folder_.path() / "elsewhere", journal.path());
  EXPECT_EQ(refused(Access::write), "cannot read '" + journal.path().string() + "': it is a link");
}

/// Started by the tests below: killed by the system when it writes beyond so many bytes of a file.
TEST(Child, WritesUntilItIsKilled) {
  const char* folder = std::getenv("BATON_TEST_DIR");
  if (folder == nullptr) GTEST_SKIP() << "only as a child of SeriesFileTest";
  const rlimit no_core{.rlim_cur = 0, .rlim_max = 0};
  const rlim_t bytes = std::stoul(std::getenv("BATON_TEST_BYTES"));
  const rlimit most{.rlim_cur = bytes, .rlim_max = bytes};
  ::setrlimit(RLIMIT_CORE, &no_core);
  ::setrlimit(RLIMIT_FSIZE, &most);
  SeriesFile file({.folder = folder, .name = "points.db"}, Access::write);
  fill(file, 15'000, 2);
  std::_Exit(0);
}

int end_of_child(const fs::path& folder, std::size_t bytes) {
  return run_process(
             {.argv = {"/proc/self/exe", "--gtest_filter=Child.WritesUntilItIsKilled"},
              .environment = {{"BATON_TEST_DIR", folder.string()}, {"BATON_TEST_BYTES", std::to_string(bytes)}}})
      .exit_code;
}

TEST_F(SeriesFileTest, IsAsBeforeWhereItsWriterIsKilled) {
  {
    auto file = open(Access::write);
    fill(file, 5000, 1);
  }
  const std::string before = read_file(file_);
  int torn = 0;
  for (std::size_t bytes = 10'000; bytes < 330'000; bytes += 30'000) {
    EXPECT_EQ(end_of_child(folder_.path(), bytes), 128 + SIGXFSZ) << bytes;
    torn += read_file(file_) == before ? 0 : 1;
    expect_filled(open(Access::read), 5000, 1);
  }
  EXPECT_GT(torn, 3) << "too little of the writes has reached the file";
  EXPECT_EQ(end_of_child(folder_.path(), 10'000'000), 0);
  expect_filled(open(Access::read), 15'000, 2);
  EXPECT_EQ(names(), std::vector<std::string>{"points.db"});
}

TEST_F(SeriesFileTest, IsMadeAgainWhereItsMakerIsKilled) {
  for (const std::size_t bytes : {1U, 600U, 5000U, 20'000U}) {
    EXPECT_EQ(end_of_child(folder_.path(), bytes), 128 + SIGXFSZ) << bytes;
    { EXPECT_EQ(rows_of(open(Access::write)), std::vector<Row>{}); }
    EXPECT_EQ(names(), std::vector<std::string>{"points.db"});
    fs::remove(file_.path());
  }
}

}  // namespace
}  // namespace baton::database
