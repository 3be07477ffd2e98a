// Reads migration files and refuses what cannot be run safely, before anything is touched.
#include "tools/migrate/folder.h"

#include "common/core/digest.h"
#include "common/core/printable.h"
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

}  // namespace

Migration load_migration(const Format& format, const MigrationFile& file, database::Engine engine) {
  const std::string text = read_file(file.path);
  Migration migration = format.parse(text, file.path.string());
  migration.version = file.version;
  migration.sha256 = sha256_hex(text);
  for (const auto& script : migration.up) check_script(migration, script, engine);
  for (const auto& script : migration.down) check_script(migration, script, engine);
  return migration;
}

}  // namespace baton::migrate
