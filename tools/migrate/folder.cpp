// Finds migration files and refuses what cannot be run safely, before anything is touched.
#include "tools/migrate/folder.h"

#include <algorithm>

#include "common/core/digest.h"
#include "common/core/printable.h"
#include "common/io/glob.h"
#include "tools/migrate/location.h"
#include "tools/migrate/sql/statements.h"

namespace baton::migrate {
namespace {

Error at_line(const Migration& migration, int line, const std::string& what, const std::string& hint) {
  return {ExitCode::usage, migration.file + ":" + std::to_string(line) + ": " + what, hint};
}

void check_script(const Migration& migration, const Script& script, database::Engine engine) {
  if (!script.is_transactional) {
    throw at_line(migration, script.line, "'transaction:false' is not available in this version",
                  "Remove the option, or apply this migration with dbmate.");
  }
  if (const auto nul = script.sql.find('\0'); nul != std::string::npos) {
    throw at_line(migration, spot_at(script, nul).line, "the file holds a NUL byte", "Save the file as UTF-8 text.");
  }
  for (const auto statement : split_statements(script.sql, engine)) {
    if (!controls_transaction(statement)) continue;
    const auto offset = static_cast<std::size_t>(statement.data() - script.sql.data());
    throw at_line(migration, spot_at(script, offset).line,
                  "'" + printable(statement, 60) + "' would begin or end a transaction of its own",
                  "Remove it: each migration runs in one transaction, together with its row in the history.");
  }
}

void check_versions(const std::vector<MigrationFile>& files) {
  std::set<std::string> seen;
  for (const auto& file : files) {
    if (seen.insert(file.version).second) continue;
    throw Error(ExitCode::usage,
                "'" + file.path.string() + "' has a version that another file has too: '" + file.version + "'",
                "Give each migration file a number of its own.");
  }
}

}  // namespace

std::vector<MigrationFile> list_migrations(const Format& format, const fs::path& folder) {
  std::error_code ignored;
  if (!fs::is_directory(folder, ignored)) {
    throw Error(ExitCode::usage, "cannot read the migrations '" + printable(folder.string()) + "': no such folder",
                "Correct database.migrations.");
  }
  std::vector<MigrationFile> files;
  for (const auto& path : find_files(folder, "*")) {
    const auto name = path.filename().string();
    const auto version = format.version_of(name);
    if (version) files.push_back({.version = *version, .name = name, .path = folder / name});
  }
  std::ranges::sort(files, {}, &MigrationFile::name);
  if (files.empty()) {
    throw Error(ExitCode::usage, "the folder '" + printable(folder.string()) + "' holds no migration",
                "Name migration files like 20250101120000_create_users.sql, or correct database.migrations.");
  }
  check_versions(files);
  return files;
}

std::vector<MigrationFile> pending_of(const std::vector<MigrationFile>& files, const std::set<std::string>& applied) {
  std::vector<MigrationFile> pending;
  std::ranges::copy_if(files, std::back_inserter(pending),
                       [&](const auto& file) { return !applied.contains(file.version); });
  return pending;
}

Migration load_migration(const Format& format, const MigrationFile& file, database::Engine engine) {
  const std::string text = read_file(file.path);
  Migration migration = format.parse(text, file.path.string());
  migration.version = file.version;
  migration.sha256 = sha256_hex(text);
  for (const auto& script : migration.up) check_script(migration, script, engine);
  for (const auto& script : migration.down) check_script(migration, script, engine);
  return migration;
}

std::string digest_of(const std::vector<MigrationFile>& files) {
  Sha256 digest;
  for (const auto& file : files) digest.update(sha256_hex(read_file(file.path)) + "  " + file.name + "\n");
  return digest.finish_hex();
}

}  // namespace baton::migrate
