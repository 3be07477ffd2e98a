// Samples in and out through Poco::Data, a transaction a write.
#include "common/clients/database/series_file.h"

#include <Poco/Data/SQLite/Utility.h>
#include <Poco/Data/Session.h>
#include <Poco/Data/Statement.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cmath>
#include <functional>

#include "common/clients/database/series_format.h"
#include "common/clients/database/sqlite/session.h"
#include "common/core/printable.h"
#include "common/io/place.h"

namespace baton::database {
namespace {

using Poco::Data::Session;
using Poco::Data::Statement;
using namespace Poco::Data::Keywords;

// Poco sums the sizes of what it extracts into, row by row, in an int.
constexpr std::uint32_t kPage = 1000;  ///< rows read at once

struct Columns {
  std::vector<std::int64_t> times;
  std::vector<std::int64_t> ids;
  std::vector<double> values;
};

/// SQLite counts from 1.
std::int64_t id_of(int number) { return number + 1; }

void refuse_foreign_journal(const Inside& file) {
  const Inside journal{.folder = file.folder, .name = file.name.string() + "-journal"};
  const Place place = place_of(journal, Absent::stays);
  const Descriptor found = open_at(place, O_RDONLY);
  if (!found.is_open() && errno == ENOENT) return;
  if (!found.is_open()) cannot(ExitCode::unknown, "read", place.path, errno);
  // The last bytes of a journal that names another one, which SQLite deletes once this one is cleared up, be it
  // whatever file it may. Transactions over several databases end so, of which there are none here.
  constexpr std::string_view kNamesAnother = "\xd9\xd5\x05\xf9\x20\xa1\x63\xd7";
  std::array<char, kNamesAnother.size()> end{};
  const off_t size = ::lseek(found.number(), 0, SEEK_END);
  const auto from = std::max<off_t>(0, size - static_cast<off_t>(end.size()));
  const ssize_t read = ::pread(found.number(), end.data(), end.size(), from);
  if (read < 0) cannot(ExitCode::unknown, "read", place.path, errno);
  if (std::string_view(end.data(), end.size()) != kNamesAnother) return;
  throw Error(ExitCode::unknown, "cannot use '" + printable(place.path.string()) + "': it names another file to delete",
              "Find out who wrote this journal: no step of Baton does.");
}

/// SQLite takes a path and would follow it anywhere, so what is there is looked at before.
void look_at(const Inside& file, Access access) {
  const bool writes = access == Access::write;
  const Place place = place_of(file, writes ? Absent::is_made : Absent::stays);
  const Descriptor found = open_at(place, writes ? O_RDWR | O_CREAT : O_RDONLY, S_IRUSR | S_IWUSR);
  if (!found.is_open())
    cannot(writes ? ExitCode::error : ExitCode::unknown, writes ? "write" : "read", place.path, errno);
  refuse_foreign_journal(file);
}

std::unique_ptr<Session> open(const Inside& file, Access access, Duration patience) {
  look_at(file, access);
  try {
    auto session = std::make_unique<Session>(open_session(file.path().string()));
    set_patience(*session, patience);
    return session;
  } catch (const StatementError& failure) {
    throw Error(ExitCode::unknown, "cannot read '" + printable(file.path().string()) + "': " + failure.what(),
                "Check the file's permissions and the disk.");
  }
}

/// Undone unless it is committed.
class Transaction {
 public:
  explicit Transaction(Session& session) : session_(session) {}
  ~Transaction() {
    sqlite3* handle = Poco::Data::SQLite::Utility::dbHandle(session_);
    if (sqlite3_get_autocommit(handle) == 0) sqlite3_exec(handle, "rollback", nullptr, nullptr, nullptr);
  }
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;

  void begin() { session_ << "begin immediate", now; }
  void commit() { session_ << "commit", now; }

 private:
  Session& session_;
};

/// `act` whole or not at all.
template <typename Act>
void change(Session& session, const fs::path& path, const Act& act) {
  Transaction transaction(session);
  try {
    transaction.begin();
    act();
    transaction.commit();
  } catch (const Poco::Exception& fault) {
    throw unwritten_series_file(session, path, fault);
  }
}

template <typename Act>
void look(Session& session, const fs::path& path, const Act& act) {
  try {
    act();
  } catch (const Poco::Exception& fault) {
    throw unread_series_file(session, path, fault);
  }
}

[[noreturn]] void wrong(const std::string& what) { throw Error(ExitCode::error, "a series cannot be kept: " + what); }

void refuse_nul(std::string_view text) {
  if (text.find('\0') != std::string_view::npos) wrong("a text holds a NUL byte");
}

bool is_before(const Sample& one, const Sample& other) {
  return one.time != other.time ? one.time < other.time : one.series < other.series;
}

void check(const std::vector<Sample>& ordered, Time from, std::size_t series) {
  if (!ordered.empty() && ordered.front().time < from) wrong("a sample is older than what it replaces");
  for (const Sample& sample : ordered) {
    if (!std::isfinite(sample.value)) wrong("a sample is no finite number");
    if (sample.series < 0 || static_cast<std::size_t>(sample.series) >= series) wrong("a sample has no series");
  }
  if (std::ranges::adjacent_find(ordered, std::not_fn(is_before)) != ordered.end()) wrong("a sample is there twice");
}

Columns columns_of(const std::vector<Sample>& samples) {
  Columns columns;
  for (const Sample& sample : samples) {
    columns.times.push_back(sample.time.time_since_epoch().count());
    columns.ids.push_back(id_of(sample.series));
    columns.values.push_back(sample.value);
  }
  return columns;
}

}  // namespace

SeriesFile::SeriesFile(const Inside& file, Access access, Duration patience)
    : path_(file.path()), session_(open(file, access, patience)) {
  bool is_new = false;
  look(*session_, path_, [&] { is_new = access == Access::write && is_blank(*session_); });
  if (is_new) change(*session_, path_, [&] { make_series_tables(*session_); });
  check_series_tables(*session_, path_);
  look(*session_, path_, [&] {
    if (access == Access::read) {
      *session_ << "pragma query_only = 1", now;
    } else {
      // A journal that goes with each transaction: the file alone is whole between two of them.
      *session_ << "pragma journal_mode = delete", now;
      *session_ << "pragma synchronous = full", now;
    }
    read_series();
  });
}

SeriesFile::~SeriesFile() = default;

int SeriesFile::number(const SeriesName& series) {
  for (const auto* text : {&series.metric, &series.part, &series.query}) refuse_nul(*text);
  const auto [known, is_new] = numbers_.try_emplace(series, static_cast<int>(series_.size()));
  if (is_new) series_.push_back(series);
  return known->second;
}

void SeriesFile::replace_from(Time from, std::vector<Sample> samples, const Notes& notes) {
  std::ranges::sort(samples, is_before);
  check(samples, from, series_.size());
  for (const auto& [name, text] : notes) refuse_nul(name + text);
  Columns columns = columns_of(samples);
  change(*session_, path_, [&] {
    *session_ << "delete from points where time >= ?", bind(std::int64_t{from.time_since_epoch().count()}), now;
    keep_series();
    if (!samples.empty()) {
      *session_ << "insert into points(time, series, value) values (?, ?, ?)", use(columns.times), use(columns.ids),
          use(columns.values), now;
    }
    for (const auto& [name, text] : notes) {
      *session_ << "insert or replace into notes(name, text) values (?, ?)", useRef(name), useRef(text), now;
    }
  });
  kept_ = series_.size();
}

void SeriesFile::each(const std::function<void(const SeriesName&, Time, double)>& visit) {
  Columns page;
  look(*session_, path_, [&] {
    Statement select(*session_);
    select << "select time, series, value from points order by time, series", into(page.times), into(page.ids),
        into(page.values), limit(kPage);
    while (!select.done()) {
      page = {};
      select.execute();
      for (std::size_t row = 0; row < page.times.size(); ++row) {
        const auto id = page.ids[row];
        if (id < 1 || id > static_cast<std::int64_t>(kept_)) throw damaged_series_file(path_, "a point has no series");
        visit(series_[static_cast<std::size_t>(id - 1)], Time(Duration(page.times[row])), page.values[row]);
      }
    }
  });
}

std::optional<std::string> SeriesFile::note(std::string name) {
  std::vector<std::string> texts;
  look(*session_, path_, [&] { *session_ << "select text from notes where name = ?", into(texts), use(name), now; });
  return texts.empty() ? std::nullopt : std::optional(std::move(texts.front()));
}

void SeriesFile::read_series() {
  std::vector<std::int64_t> ids;
  std::vector<std::int64_t> steps;
  std::vector<std::string> metrics;
  std::vector<std::string> parts;
  std::vector<std::string> queries;
  *session_ << "select id, metric, part, query, step from series order by id", into(ids), into(metrics), into(parts),
      into(queries), into(steps), now;
  for (std::size_t row = 0; row < ids.size(); ++row) {
    const SeriesName series{
        .metric = metrics[row], .part = parts[row], .query = queries[row], .step = Duration(steps[row])};
    if (ids[row] != id_of(number(series))) throw damaged_series_file(path_, "its series are not numbered from 1");
  }
  kept_ = series_.size();
}

void SeriesFile::keep_series() {
  for (std::size_t number = kept_; number < series_.size(); ++number) {
    const SeriesName& series = series_[number];
    *session_ << "insert into series(id, metric, part, query, step) values (?, ?, ?, ?, ?)",
        bind(id_of(static_cast<int>(number))), useRef(series.metric), useRef(series.part), useRef(series.query),
        bind(std::int64_t{series.step.count()}), now;
  }
}

}  // namespace baton::database
