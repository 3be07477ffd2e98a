// What the parts of `up` share.
#include "tools/migrate/attempt.h"

#include <algorithm>

namespace baton::migrate {

std::set<std::string> Attempt::read_history() const { return workspace.format.history.read(over(*database), engine()); }

Json Attempt::state() const {
  Json state = to_json(progress, workspace.format.name, workspace.address.identity);
  state["files_sha256"] = files_sha256;
  return state;
}

void Attempt::load_pending(const std::set<std::string>& applied) {
  progress.has_looked = true;
  progress.pending.clear();
  for (const auto& file : pending_of(workspace.files, applied)) {
    progress.pending.push_back(load_migration(workspace.format, file, engine()));
  }
}

AppliedMigration Attempt::entry_of(const Migration& migration, std::optional<Duration> duration) const {
  return {.version = migration.version,
          .file = fs::path(migration.file).filename().string(),
          .sha256 = migration.sha256,
          .duration = duration,
          .is_reversible = is_reversible(migration, engine())};
}

void Attempt::log_once(const std::string& start, const std::string& rest) const {
  const auto lines = env.resumed ? env.resumed->state["log"].items_or_none() : Json::Array{};
  const bool is_there = std::ranges::any_of(
      lines, [&](const Json& line) { return line.is_string() && line.string().find(start) != std::string::npos; });
  if (!is_there) env.log_line(start + rest);
}

}  // namespace baton::migrate
