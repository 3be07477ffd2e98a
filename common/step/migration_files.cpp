// Finds migration files.
#include "common/step/migration_files.h"

#include <algorithm>

#include "common/core/digest.h"
#include "common/core/error.h"
#include "common/core/printable.h"
#include "common/io/glob.h"

namespace baton {
namespace {

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

std::optional<std::string> dbmate_version(std::string_view file_name) {
  const auto digits = std::ranges::find_if(file_name, [](char c) { return c < '0' || c > '9'; });
  if (digits == file_name.begin() || !file_name.ends_with(".sql")) return std::nullopt;
  return std::string(file_name.begin(), digits);
}

std::vector<MigrationFile> list_migrations(const VersionOf& version_of, const fs::path& folder) {
  std::error_code ignored;
  if (!fs::is_directory(folder, ignored)) {
    throw Error(ExitCode::usage, "cannot read the migrations '" + printable(folder.string()) + "': no such folder",
                "Correct database.migrations.");
  }
  std::vector<MigrationFile> files;
  for (const auto& path : find_files(folder, "*")) {
    const auto name = path.filename().string();
    const auto version = version_of(name);
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

std::string digest_of(const std::vector<MigrationFile>& files) {
  Sha256 digest;
  for (const auto& file : files) digest.update(sha256_hex(read_file(file.path)) + "  " + file.name + "\n");
  return digest.finish_hex();
}

}  // namespace baton
