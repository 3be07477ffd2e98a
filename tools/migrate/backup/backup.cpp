// Either engine's backup, digested.
#include "common/clients/database/sqlite/backup.h"

#include <algorithm>
#include <cctype>

#include "common/core/digest.h"
#include "common/core/printable.h"
#include "tools/migrate/backup/backup.h"
#include "tools/migrate/backup/pg_dump.h"

namespace baton::migrate {
namespace {

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

std::string backup_name(const std::string& release, Time now, database::Engine engine) {
  const std::string ending = engine == database::Engine::sqlite ? ".sqlite3" : ".dump";
  return "backup-pre-" + as_file_name(release) + "-" + to_compact_stamp(now) + ending;
}

Backup make_backup(const BackupRequest& request) {
  make_private_folder(request.destination.parent_path());
  switch (request.address.engine) {
    case database::Engine::sqlite:
      database::backup_sqlite(request.address, request.destination.string());
      break;
    case database::Engine::postgresql:
      dump_postgresql(request);
      break;
  }
  return find_backup(request.destination).value();
}

std::optional<Backup> find_backup(const fs::path& path) {
  std::error_code ignored;
  if (!fs::exists(path, ignored)) return std::nullopt;
  Sha256 digest;
  Backup backup{.path = path.string(), .rung = std::string(kRung)};
  read_in_pieces(path, [&](std::string_view piece) {
    digest.update(piece);
    backup.size += static_cast<std::int64_t>(piece.size());
  });
  backup.sha256 = digest.finish_hex();
  return backup;
}

}  // namespace baton::migrate
