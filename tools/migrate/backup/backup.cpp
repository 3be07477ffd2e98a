// Either engine's backup, digested.
#include "common/clients/database/sqlite/backup.h"

#include <algorithm>
#include <cctype>

#include "common/core/digest.h"
#include "common/core/printable.h"
#include "common/core/units.h"
#include "tools/migrate/backup/backup.h"
#include "tools/migrate/backup/pg_dump.h"
#include "tools/migrate/backup/unfinished.h"

namespace baton::migrate {
namespace {

constexpr std::size_t kIdentityDigits = 8;
constexpr std::size_t kLongestName = 40;    ///< of a database, in a file's name
constexpr std::string_view kRung = "read";  ///< both engines' copies are read whole before they get their name

/// A release is often a git tag, and those may hold slashes.
std::string as_file_name(std::string text) {
  std::ranges::replace_if(
      text,
      [](char c) {
        return std::isalnum(static_cast<unsigned char>(c)) == 0 &&
               std::string_view("._+-").find(c) == std::string_view::npos;
      },
      '-');
  return text;
}

void make_private_folder(const fs::path& folder) {
  std::error_code failed;
  if (folder.empty() || fs::exists(folder, failed)) return;
  fs::create_directories(folder, failed);
  if (!failed) fs::permissions(folder, fs::perms::owner_all, failed);
  if (failed) {
    throw Error(ExitCode::stop,
                "cannot make the backup folder '" + printable(folder.string()) + "': " + failed.message(),
                "Correct migrate.backup_dir.");
  }
}

}  // namespace

std::string backup_name_start(const std::string& release, const database::Address& address) {
  const std::string digest = sha256_hex(address.identity).substr(0, kIdentityDigits);
  return "backup-pre-" + as_file_name(release) + "-" + as_file_name(address.name.substr(0, kLongestName)) + "-" +
         digest + "-";
}

std::string backup_name(const std::string& release, const database::Address& address, Time now, int number) {
  const std::string ending = address.engine == database::Engine::sqlite ? ".sqlite3" : ".dump";
  const std::string count = number == 1 ? "" : "-" + std::to_string(number);
  return backup_name_start(release, address) + to_compact_stamp(now) + count + ending;
}

std::optional<Backup> make_backup(const BackupRequest& request) {
  make_private_folder(request.destination.parent_path());
  auto unfinished = UnfinishedBackup::claim(request.destination);
  if (!unfinished) return std::nullopt;
  const BackupRequest partial{.address = request.address,
                              .destination = unfinished->path(),
                              .programs = request.programs,
                              .stop = request.stop};
  switch (request.address.engine) {
    case database::Engine::sqlite:
      database::backup_sqlite(request.address, partial.destination.string());
      break;
    case database::Engine::postgresql:
      dump_postgresql(partial);
      break;
  }
  read_back(partial);
  unfinished->finish();
  return find_backup(request.destination).value();
}

std::optional<Backup> find_backup(const fs::path& path) {
  std::error_code ignored;
  if (!fs::is_regular_file(fs::symlink_status(path, ignored))) return std::nullopt;
  Sha256 digest;
  Backup backup{.path = path.string(), .rung = std::string(kRung)};
  read_in_pieces(path, [&](std::string_view piece) {
    digest.update(piece);
    backup.size += static_cast<std::int64_t>(piece.size());
  });
  backup.sha256 = digest.finish_hex();
  return backup;
}

void read_back(const BackupRequest& request) {
  switch (request.address.engine) {
    case database::Engine::sqlite:
      return database::check_sqlite_backup(request.destination.string());
    case database::Engine::postgresql:
      return read_dump(request);
  }
}

void check_space(std::int64_t needed, std::int64_t free, const fs::path& folder) {
  if (needed <= free) return;
  throw Error(ExitCode::stop,
              "the backup may need " + size_text(needed) + " (the size of the database), and '" +
                  printable(folder.string()) + "' has " + size_text(free) + " free",
              "Free space there, or set migrate.backup_dir to a larger disk; nothing was migrated.");
}

}  // namespace baton::migrate
