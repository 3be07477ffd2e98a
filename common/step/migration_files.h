// The folder of migration files, as migrate applies them and precheck asks about them.
#pragma once

#include <functional>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "common/io/files.h"

namespace baton {

struct MigrationFile {
  std::string version;
  std::string name;  ///< "20250101_users.sql"
  fs::path path;     ///< as messages name it
};

/// The version that a file name carries; nothing when the file is no migration.
using VersionOf = std::function<std::optional<std::string>(std::string_view file_name)>;
/// dbmate's: "20250101" of "20250101_users.sql".
std::optional<std::string> dbmate_version(std::string_view file_name);

/// In the order to apply: by file name, bytewise. Throws Error{usage}: no such folder, no migration in it, a version
/// twice.
std::vector<MigrationFile> list_migrations(const VersionOf& version_of, const fs::path& folder);
std::vector<MigrationFile> pending_of(const std::vector<MigrationFile>& files, const std::set<std::string>& applied);

/// One digest for all files: of their names and digests, in order.
std::string digest_of(const std::vector<MigrationFile>& files);

}  // namespace baton
