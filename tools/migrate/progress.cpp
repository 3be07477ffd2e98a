// To JSON and back; measured values are decimal strings, as in every handoff.
#include "tools/migrate/progress.h"

#include <algorithm>
#include <charconv>

#include "common/core/error.h"
#include "common/core/printable.h"
#include "tools/migrate/sql/statements.h"

namespace baton::migrate {
namespace {

Json to_json(const AppliedMigration& migration) {
  return Json::object({{"version", migration.version},
                       {"file", migration.file},
                       {"sha256", migration.sha256},
                       {"duration_ms", migration.duration ? Json(std::to_string(migration.duration->count())) : Json()},
                       {"reversible", migration.is_reversible}});
}

/// Measured values are decimal strings; std::stoll would take "12x" for 12.
std::int64_t whole_number(const Json& json) {
  const std::string& text = json.string();
  std::int64_t value = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (failed == std::errc() && end == text.data() + text.size()) return value;
  throw Error(ExitCode::handoff, "'" + printable(text, 40) + "' is no whole number");
}

AppliedMigration applied_from(const Json& json) {
  AppliedMigration migration{.version = json["version"].string(),
                             .file = json["file"].string(),
                             .sha256 = json["sha256"].string(),
                             .is_reversible = json["reversible"].boolean()};
  if (const auto& duration = json["duration_ms"]; !duration.is_null()) {
    migration.duration = Duration(whole_number(duration));
  }
  return migration;
}

Json backup_json(const Progress& progress) {
  if (!progress.backup) return {};
  const Backup& backup = *progress.backup;
  return Json::object({{"path", backup.path},
                       {"sha256", backup.sha256},
                       {"size", std::to_string(backup.size)},
                       {"rung", backup.rung},
                       {"made_at", to_rfc3339(backup.made_at)}});
}

Backup backup_from(const Json& json) {
  return {.path = json["path"].string(),
          .sha256 = json["sha256"].string(),
          .size = whole_number(json["size"]),
          .rung = json["rung"].string(),
          .made_at = parse_rfc3339(json["made_at"].string()).value()};
}

SavedProgress read_saved(const Json& state) {
  SavedProgress saved;
  for (const auto& item : state["applied"].items_or_none()) saved.applied.push_back(applied_from(item));
  for (const auto& item : state["pending"].items_or_none()) saved.pending.insert(item.string());
  if (!state["backup"].is_null()) saved.backup = backup_from(state["backup"]);
  return saved;
}

}  // namespace

bool is_reversible(const Migration& migration, database::Engine engine) {
  return std::ranges::any_of(migration.down,
                             [&](const Script& script) { return !split_statements(script.sql, engine).empty(); });
}

bool Progress::is_reversible() const { return std::ranges::all_of(applied, &AppliedMigration::is_reversible); }

void Progress::keep_backup(Backup made) {
  made.made_at = backup->made_at;
  backup = std::move(made);
}

Json to_json(const Progress& progress, std::string_view format, std::string_view identity) {
  Json applied = Json::array();
  for (const auto& migration : progress.applied) applied.push_back(to_json(migration));
  Json pending = Json::array();
  for (const auto& migration : progress.pending) pending.push_back(migration.version);
  return Json::object({{"format", format},
                       {"database", identity},
                       {"applied", applied},
                       {"pending", pending},
                       {"backup", backup_json(progress)},
                       {"was_empty", progress.was_empty},
                       {"reversible", progress.is_reversible()},
                       {"old_release_compatible", "unknown"}});
}

SavedProgress saved_progress(const Json& state) {
  try {
    return read_saved(state);
  } catch (const std::exception& fault) {
    throw Error(ExitCode::handoff, std::string("the state of the earlier run cannot be read: ") + fault.what(),
                "Move its file out of the handoff folder; the database's own history is not affected.");
  }
}

}  // namespace baton::migrate
