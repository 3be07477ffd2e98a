// Asks a database and judges its answer.
#include "tools/precheck/database_answer.h"

#include <fmt/format.h>
#include <unistd.h>

#include "common/clients/database/database.h"
#include "common/core/printable.h"
#include "common/core/text.h"
#include "common/core/units.h"

namespace baton::precheck {
namespace {

constexpr Duration kTimeout = std::chrono::seconds(10);

bool is_one(const database::Rows& rows) { return rows.rows.size() == 1 && rows.rows[0].at(0) == "1"; }

const std::string& cell(const database::Rows& rows, std::size_t column) {
  static const std::string nothing;
  const auto& found = rows.rows.at(0).at(column);
  return found ? *found : nothing;
}

void ask_sqlite(database::Database& connection, const database::Address& address, DatabaseAnswer& answer) {
  answer.server = "SQLite " + cell(connection.query("SELECT sqlite_version()"), 0);
  answer.is_read_only = ::access(address.path.c_str(), W_OK) != 0;
}

void ask_postgresql(database::Database& connection, DatabaseAnswer& answer) {
  const auto rows = connection.query(
      "SELECT pg_is_in_recovery()::text, current_setting('transaction_read_only'), current_setting('server_version')");
  answer.is_standby = cell(rows, 0) == "true";
  answer.is_read_only = cell(rows, 1) == "on";
  answer.server = "PostgreSQL " + printable(cell(rows, 2), 60);
}

/// What is wrong with it; none where nothing is.
std::vector<std::string> complaints_about(const DatabaseAnswer& answer) {
  std::vector<std::string> all;
  if (!answer.is_right) all.emplace_back("SELECT 1 gave something else");
  if (answer.is_standby) {
    all.emplace_back("it is a standby, which follows another server and takes no writes");
  } else if (answer.is_read_only) {
    all.emplace_back("it is read-only");
  }
  if (answer.connected_in > kMostToConnect) all.push_back("connecting took more than " + to_words(kMostToConnect));
  if (answer.answered_in > kMostToAnswer) all.push_back("the answer took more than " + to_words(kMostToAnswer));
  return all;
}

}  // namespace

DatabaseAnswer ask_database(const Look& look, const database::Address& address) {
  DatabaseAnswer answer;
  const Duration begun = look.monotonic();
  const auto connection = database::connect(address, kTimeout);
  answer.connected_in = look.monotonic() - begun;
  // A limit of the transaction's own: behind a pooler a session's would be left to whoever comes next.
  if (address.engine == database::Engine::postgresql)
    connection->execute(fmt::format("BEGIN; SET LOCAL statement_timeout = {}", kTimeout.count()));
  const Duration asked = look.monotonic();
  answer.is_right = is_one(connection->query("SELECT 1"));
  answer.answered_in = look.monotonic() - asked;
  switch (address.engine) {
    case database::Engine::sqlite:
      ask_sqlite(*connection, address, answer);
      break;
    case database::Engine::postgresql:
      ask_postgresql(*connection, answer);
      connection->execute("ROLLBACK");
      break;
  }
  return answer;
}

Observation judged(const DatabaseAnswer& answer) {
  const auto complaints = complaints_about(answer);
  Observation seen{.outcome = complaints.empty() ? Outcome::pass : Outcome::fail};
  seen.message = fmt::format("{}, connected in {}, answered in {}", answer.server, to_words(answer.connected_in),
                             to_words(answer.answered_in));
  if (!complaints.empty()) seen.message = join(complaints, "; ") + "; " + seen.message;
  if (answer.is_standby || answer.is_read_only)
    seen.recovery = {"Name the primary in database.url, or end the maintenance that made it read-only."};
  return seen;
}

}  // namespace baton::precheck
