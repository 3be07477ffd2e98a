// The tables of a file of time series.
#include "common/clients/database/series_format.h"

#include <Poco/Data/Statement.h>
#include <sqlite3.h>

#include <array>

#include "common/clients/database/sqlite/session.h"
#include "common/core/printable.h"

namespace baton::database {
namespace {

using Poco::Data::Session;
using namespace Poco::Data::Keywords;

constexpr std::int64_t kApplication = 0x4261746e;  ///< "Batn"
constexpr std::int64_t kVersion = 1;

// As SQLite keeps them, so that they can be compared with what a file holds. Points lie by time: what is added comes at
// the end, and what is replaced lies there together. Values are no REAL by declaration, which would lose the sign of
// -0.
constexpr std::array kTables = {
    "CREATE TABLE series(id INTEGER PRIMARY KEY, metric TEXT NOT NULL, part TEXT NOT NULL, query TEXT NOT NULL,"
    " step INTEGER NOT NULL /* milliseconds */, UNIQUE(metric, part, query, step))",
    "CREATE TABLE points(time INTEGER NOT NULL /* milliseconds since 1970 */, series INTEGER NOT NULL,"
    " value CHECK(typeof(value) = 'real'), PRIMARY KEY(time, series)) WITHOUT ROWID",
    "CREATE TABLE notes(name TEXT PRIMARY KEY NOT NULL, text TEXT NOT NULL)",
    "CREATE VIEW samples AS SELECT metric, part, query, step,"
    " strftime('%Y-%m-%dT%H:%M:%S', points.time / 1000, 'unixepoch') ||"
    " CASE points.time % 1000 WHEN 0 THEN '' ELSE printf('.%03d', points.time % 1000) END || 'Z' AS time,"
    " value FROM points JOIN series ON id = points.series ORDER BY points.time, id",
};

template <typename Value>
Value ask(Session& session, const std::string& question) {
  Value value{};
  session << question, into(value), now;
  return value;
}

Error refused(const std::filesystem::path& path, const std::string& cause, const std::string& hint) {
  return {ExitCode::unknown, "cannot use '" + printable(path.string()) + "': " + cause, hint};
}

Error no_series_file(const std::filesystem::path& path) {
  return refused(path, "it is no file of time series", "Find out what it is, and move it away: this name is Baton's.");
}

Error failure_of(Session& session, const std::filesystem::path& path, ExitCode code, std::string_view verb,
                 const Poco::Exception& fault) {
  const StatementError failure = session_failure(session, fault);
  const std::string text = failure.what();
  const int number = std::stoi(failure.sqlstate()) & 0xFF;  // the extended codes' own class
  if (number == SQLITE_NOTADB) return no_series_file(path);
  if (number == SQLITE_CORRUPT) return damaged_series_file(path, text);
  return {code, "cannot " + std::string(verb) + " '" + printable(path.string()) + "': " + text,
          "Check the file's permissions and the disk, and whether another program holds the file."};
}

}  // namespace

bool is_blank(Session& session) {
  return ask<std::int64_t>(session, "select count(*) from sqlite_master") == 0 &&
         ask<std::int64_t>(session, "pragma application_id") == 0;
}

void make_series_tables(Session& session) {
  for (const auto* table : kTables) session << table, now;
  session << "pragma application_id = " + std::to_string(kApplication), now;
  session << "pragma user_version = " + std::to_string(kVersion), now;
}

void check_series_tables(Session& session, const std::filesystem::path& path) {
  try {
    const auto version = ask<std::int64_t>(session, "pragma user_version");
    if (ask<std::int64_t>(session, "pragma application_id") != kApplication || version < kVersion) {
      throw no_series_file(path);
    }
    if (version > kVersion) {
      throw refused(path, "a later version of Baton wrote it (format " + std::to_string(version) + ")",
                    "Use that version, or another folder.");
    }
    // Nothing of what a stranger may have added, as a trigger, is ever run.
    std::vector<std::string> tables;
    session << "select sql from sqlite_master where sql is not null order by rowid", into(tables), now;
    if (!std::ranges::equal(tables, kTables)) throw no_series_file(path);
    if (const auto verdict = ask<std::string>(session, "pragma quick_check(1)"); verdict != "ok") {
      throw damaged_series_file(path, printable(verdict));
    }
  } catch (const Poco::Exception& fault) {
    throw unread_series_file(session, path, fault);
  }
}

Error damaged_series_file(const std::filesystem::path& path, const std::string& how) {
  return refused(path, "it is damaged: " + how, "Bring it back from a copy, or move it away.");
}

Error unread_series_file(Session& session, const std::filesystem::path& path, const Poco::Exception& fault) {
  return failure_of(session, path, ExitCode::unknown, "read", fault);
}

Error unwritten_series_file(Session& session, const std::filesystem::path& path, const Poco::Exception& fault) {
  return failure_of(session, path, ExitCode::error, "write", fault);
}

}  // namespace baton::database
