// A folder with migrations and a database, as a user would have it.
#pragma once

#include <functional>
#include <map>
#include <string>

#include "common/cli/log.h"
#include "common/clients/database/database.h"
#include "common/core/json.h"
#include "common/io/files.h"
#include "common/io/glob.h"
#include "common/io/process.h"

namespace baton::migrate::test {

/// The text of a migration with these two blocks.
std::string up_and_down(const std::string& up, const std::string& down);

/// What a log on stderr says while `act` uses it.
std::string logged_by(const std::function<void(Log&)>& act);

/// A statement that only a cancel ends.
std::string endless(database::Engine engine);

class Ground {
 public:
  explicit Ground(database::Engine engine);

  const fs::path& path() const { return folder_.path(); }
  const std::string& url() const { return url_; }
  fs::path migrations() const { return path() / "db/migrations"; }
  /// Writes "2025010100000<number>_<name>.sql" and returns that name.
  std::string add(int number, const std::string& name, const std::string& text) const;
  std::string ask(const std::string& sql) const;
  /// One or more statements; makes the SQLite file.
  void execute(const std::string& sql) const;
  std::string versions() const { return ask("select version from schema_migrations order by 1"); }
  /// Runs the real executable in the folder with DATABASE_URL.
  ProcessResult run(std::vector<std::string> arguments, std::map<std::string, std::string> environment = {}) const;
  Json handoff() const;
  std::vector<fs::path> backups() const { return find_files(path() / ".baton-backup", "backup-pre-*"); }

 private:
  TempFolder folder_;
  std::string url_;
};

fs::path executable();

}  // namespace baton::migrate::test
