// Runs pg_dump and pg_restore.
#include "tools/migrate/backup/pg_dump.h"

#include "common/clients/database/postgresql/program.h"
#include "common/clients/database/postgresql/settings.h"
#include "common/core/printable.h"
#include "common/core/text.h"
#include "common/io/process.h"
#include "tools/migrate/backup/backup.h"

namespace baton::migrate {
namespace {

constexpr unsigned kOwnerOnly = 0600;
constexpr Duration kLongestDump = std::chrono::hours(6);  ///< --deadline ends it sooner

void run_or_throw(const std::vector<std::string>& argv, const database::ProgramConnection& connection,
                  const BackupRequest& request) {
  const auto result =
      run_process({.argv = argv, .timeout = kLongestDump, .environment = connection.environment}, request.stop);
  if (result.exit_code == 0) return;
  throw Error(ExitCode::stop,
              fs::path(argv[0]).filename().string() + " ended with code " + std::to_string(result.exit_code) + ": " +
                  printable(database::without_secrets(trim(result.error), request.address), 500),
              "Correct what it says; nothing was migrated.");
}

}  // namespace

void dump_postgresql(const BackupRequest& request) {
  auto connection = database::program_connection(request.address);
  const TempFolder folder;
  if (!connection.service_file.empty()) {
    const fs::path file = folder.path() / "pg_service.conf";
    write_file(file, connection.service_file, kOwnerOnly);
    connection.environment["PGSERVICEFILE"] = file.string();
  }
  run_or_throw({request.programs.value().dump.string(), "--format=custom", "--compress=1", "--no-password",
                "--lock-wait-timeout=60000", "--file=" + request.destination.string(), "--dbname=" + connection.text},
               connection, request);
}

void read_dump(const BackupRequest& request) {
  // A dump that was cut short keeps a readable table of contents; only reading all of it tells.
  run_or_throw({request.programs.value().restore.string(), "--file=/dev/null", request.destination.string()}, {},
               request);
}

}  // namespace baton::migrate
