// What is applied and what is pending, in dbmate's own layout.
#include "tools/migrate/status.h"

#include "tools/migrate/runner.h"
#include "tools/migrate/workspace.h"

namespace baton::migrate {
namespace {

struct Line {
  std::string text;
  bool is_applied = false;
};

/// The files in order, then what the database knows and the folder does not.
std::vector<Line> lines_of(const std::vector<MigrationFile>& files, std::set<std::string> applied) {
  std::vector<Line> lines;
  lines.reserve(files.size() + applied.size());
  for (const auto& file : files) lines.push_back({.text = file.name, .is_applied = applied.erase(file.version) > 0});
  for (const auto& version : applied) lines.push_back({.text = version + " (no file)", .is_applied = true});
  return lines;
}

}  // namespace

StepResult status(Env& env) {
  const Workspace workspace = find_workspace(env);
  StepResult result{.verdict = Verdict::proceed};
  Json applied = Json::array();
  Json pending = Json::array();
  for (const auto& line : lines_of(workspace.files, read_history(env, workspace))) {
    result.summary += (line.is_applied ? "[X] " : "[ ] ") + line.text + "\n";
    (line.is_applied ? applied : pending).push_back(line.text);
  }
  result.summary +=
      "\nApplied: " + std::to_string(applied.size()) + "\nPending: " + std::to_string(pending.size()) + "\n";
  result.record = Json::object({{"database", workspace.address.identity}, {"applied", applied}, {"pending", pending}});
  return result;
}

}  // namespace baton::migrate
