// Packages by their major version, then PATH.
#include "common/clients/database/postgresql/dump_programs.h"

#include <charconv>
#include <optional>

#include "common/core/error.h"
#include "common/io/process.h"

namespace baton::database {
namespace {

std::optional<int> leading_number(std::string_view text) {
  int number = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (failed != std::errc() || end == text.data()) return std::nullopt;
  return number;
}

/// Debian keeps every installed major version; the oldest that is new enough is the closest to the server.
std::optional<DumpPrograms> find_package(int server, const fs::path& packages) {
  std::error_code failed;
  std::optional<int> best;
  for (const auto& entry : fs::directory_iterator(packages, failed)) {
    const auto major = leading_number(entry.path().filename().string());
    if (!major || *major < server || (best && *major >= *best)) continue;
    const auto bin = entry.path() / "bin";
    if (fs::exists(bin / "pg_dump", failed) && fs::exists(bin / "pg_restore", failed)) best = major;
  }
  if (!best) return std::nullopt;
  const auto bin = packages / std::to_string(*best) / "bin";
  return DumpPrograms{.dump = bin / "pg_dump", .restore = bin / "pg_restore"};
}

/// Of "pg_dump (PostgreSQL) 15.14 (Debian 15.14-0+deb12u1)".
std::optional<int> major_of(const fs::path& program) {
  const auto result = run_process({.argv = {program.string(), "--version"}});
  const auto at = result.output.find(") ");
  if (result.exit_code != 0 || at == std::string::npos) return std::nullopt;
  return leading_number(std::string_view(result.output).substr(at + 2));
}

Error none_usable(int server, const std::string& found) {
  const std::string package = "postgresql-client-" + std::to_string(server);
  return {ExitCode::usage,
          "a backup needs pg_dump " + std::to_string(server) + " or newer, as the server is version " +
              std::to_string(server) + ": " + found,
          "Install Debian's package " + package + " (apt-get install " + package + ")."};
}

}  // namespace

int server_major(Database& database) {
  const auto rows = database.query("select current_setting('server_version_num')::int / 10000");
  return leading_number(rows.rows.at(0).at(0).value_or("")).value_or(0);
}

DumpPrograms find_dump_programs(int server_major, const fs::path& packages) {
  if (const auto package = find_package(server_major, packages)) return *package;
  const auto dump = find_program("pg_dump");
  const auto restore = find_program("pg_restore");
  if (!dump || !restore) throw none_usable(server_major, "none is installed");
  const auto major = major_of(*dump);
  if (!major || *major < server_major) {
    throw none_usable(server_major, "'" + dump->string() + "' is " +
                                        (major ? "version " + std::to_string(*major) : "of no known version"));
  }
  return {.dump = *dump, .restore = *restore};
}

}  // namespace baton::database
