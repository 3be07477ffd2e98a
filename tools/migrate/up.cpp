// The step itself: look, back up, apply, look again. Each intent is saved before its act.
#include "tools/migrate/up.h"

#include <algorithm>
#include <optional>

#include "common/config/sections/migrate.h"
#include "common/config/sections/run.h"
#include "common/core/printable.h"
#include "common/core/units.h"
#include "tools/migrate/lock.h"
#include "tools/migrate/outcome.h"
#include "tools/migrate/workspace.h"

namespace baton::migrate {
namespace {

using Cause = MigrationError::Cause;
using database::StatementError;

constexpr Duration kComeBack = std::chrono::minutes(1);
constexpr Duration kFreshBackup = std::chrono::hours(1);  ///< a backup this old is not taken over

bool is_within(const fs::path& path, const fs::path& folder) {
  const auto inner = fs::weakly_canonical(fs::absolute(path));
  const auto outer = fs::weakly_canonical(fs::absolute(folder));
  return std::ranges::mismatch(outer, inner).in1 == outer.end();
}

class Up {
 public:
  explicit Up(Env& env) : env_(env), workspace_(find_workspace(env)) {}
  StepResult run();

 private:
  StepResult act();
  std::set<std::string> read_history();
  void load_pending();
  AppliedMigration entry_of(const Migration& migration, std::optional<Duration> duration) const;
  void take_over(const SavedProgress& saved);
  void take_over_backup(const SavedProgress& saved);
  void keep_backup(Backup made);
  void prepare_backup();
  void back_up();
  void make_planned_backup();
  void apply_all();
  void apply_first(const Runner& runner);
  void save() { env_.save_state(state()); }
  Json state() const { return to_json(progress_, workspace_.format.name, workspace_.address.identity); }
  void log_once(const std::string& start, const std::string& rest = {});

  Env& env_;
  Workspace workspace_;
  std::unique_ptr<database::Database> database_;
  std::optional<DumpPrograms> programs_;
  Progress progress_;
};

std::set<std::string> Up::read_history() {
  // A dry run makes no file; where there is none, nothing was applied.
  if (!database_) return {};
  return workspace_.format.history.read(*database_, workspace_.direct.engine);
}

void Up::load_pending() {
  progress_.pending.clear();
  for (const auto& file : pending_of(workspace_.files, read_history())) {
    progress_.pending.push_back(load_migration(workspace_.format, file, workspace_.direct.engine));
  }
}

AppliedMigration Up::entry_of(const Migration& migration, std::optional<Duration> duration) const {
  return {.version = migration.version,
          .file = fs::path(migration.file).filename().string(),
          .sha256 = migration.sha256,
          .duration = duration,
          .is_reversible = is_reversible(migration, workspace_.direct.engine)};
}

/// The file has its name only once it is whole, so one that stands where a killed run meant to put it is that backup.
/// One of a try long ago would miss what was written since, unless that try has changed the schema already.
void Up::take_over_backup(const SavedProgress& saved) {
  progress_.was_empty = saved.was_empty;
  if (!saved.backup) return;
  if (progress_.applied.empty() && env_.started_at - saved.backup->made_at > kFreshBackup) return;
  const auto found = find_backup(saved.backup->path);
  // Another file under that name is left alone: a new backup gets a name of its own.
  if (found && !saved.backup->sha256.empty() && saved.backup->sha256 != found->sha256) return;
  progress_.backup = saved.backup;
  progress_.backup->sha256.clear();
  if (found) keep_backup(*found);
}

/// `made` knows the file; when it was begun was planned before.
void Up::keep_backup(Backup made) {
  made.made_at = progress_.backup->made_at;
  progress_.backup = std::move(made);
}

/// A killed run may have committed a migration and not lived to say so.
void Up::take_over(const SavedProgress& saved) {
  progress_.applied = saved.applied;
  const auto applied = read_history();
  for (const auto& file : workspace_.files) {
    if (saved.pending.count(file.version) == 0 || applied.count(file.version) == 0) continue;
    progress_.applied.push_back(
        entry_of(load_migration(workspace_.format, file, workspace_.direct.engine), std::nullopt));
  }
  take_over_backup(saved);
}

/// Everything that can be wrong with a backup's conditions is found before anything is touched.
void Up::prepare_backup() {
  if (!env_.config.migrate().backup || progress_.pending.empty() || !database_) return;
  const fs::path folder = env_.config.migrate().backup_dir;
  if (is_within(folder, env_.dir)) {
    throw Error(ExitCode::usage,
                "the backup folder '" + printable(folder.string()) + "' lies in the handoff folder, which CI uploads",
                "Set migrate.backup_dir to a folder outside of --dir.");
  }
  if (workspace_.direct.engine == database::Engine::postgresql)
    programs_ = find_dump_programs(server_major(*database_));
}

void Up::make_planned_backup() {
  if (!progress_.backup) {
    const Time now = env_.clock.now();
    const auto name = backup_name(env_.release.version, now, workspace_.direct.engine);
    progress_.backup = Backup{.path = (fs::path(env_.config.migrate().backup_dir) / name).string(), .made_at = now};
  }
  save();
  try {
    keep_backup(make_backup({.address = workspace_.direct,
                             .destination = progress_.backup->path,
                             .programs = programs_,
                             .stop = env_.stop}));
  } catch (const Error& error) {
    if (error.code() == ExitCode::interrupted) throw;
    throw MigrationError(Cause::no_backup, error.what(), error.hint());
  }
}

void Up::back_up() {
  const bool is_new = progress_.applied.empty() && workspace_.direct.engine == database::Engine::sqlite;
  if (is_new && database_->query("select 1 from sqlite_master limit 1").rows.empty()) progress_.was_empty = true;
  if (env_.config.migrate().backup && !progress_.was_empty) {
    if (!is_backed_up(progress_)) make_planned_backup();
    log_once("Database backup created", " (size: " + size_text(progress_.backup->size) + ")");
  }
  save();
}

void Up::apply_first(const Runner& runner) {
  const Migration migration = progress_.pending.front();
  env_.log.info("applying " + printable(migration.file));
  const Duration started = env_.clock.monotonic();
  const bool is_ours = runner.apply(migration);
  progress_.pending.erase(progress_.pending.begin());
  if (is_ours) progress_.applied.push_back(entry_of(migration, env_.clock.monotonic() - started));
  save();
}

void Up::apply_all() {
  const Duration budget = env_.config.migrate().budget;
  const Runner runner{.database = *database_,
                      .engine = workspace_.direct.engine,
                      .format = workspace_.format,
                      .clock = env_.clock,
                      .log = env_.log,
                      .stop = env_.stop,
                      .end = env_.clock.monotonic() + budget,
                      .budget = budget};
  log_once("Database migrations started");
  workspace_.format.history.prepare(*database_, workspace_.direct.engine);
  while (!progress_.pending.empty()) apply_first(runner);
}

/// Once a deployment, also when it is resumed.
void Up::log_once(const std::string& start, const std::string& rest) {
  const auto lines = env_.resumed ? env_.resumed->state["log"].items_or_none() : Json::Array{};
  const bool is_there = std::ranges::any_of(
      lines, [&](const Json& line) { return line.is_string() && line.string().find(start) != std::string::npos; });
  if (!is_there) env_.log_line(start + rest);
}

StepResult Up::act() {
  load_pending();
  if (env_.resumed) take_over(saved_progress(env_.resumed->state));
  prepare_backup();
  if (env_.is_dry_run()) return only_looked(progress_);
  if (!progress_.pending.empty()) {
    const LockWait wait{
        .clock = env_.clock, .log = env_.log, .patience = env_.config.migrate().budget, .stop = env_.stop};
    if (const auto holder = take_lock(*database_, workspace_.direct.engine, wait)) {
      StepResult answer = held(progress_, *holder);
      answer.run_again_at = env_.clock.now() + kComeBack;
      return answer;
    }
    load_pending();
  }
  if (!progress_.pending.empty()) {
    back_up();
    apply_all();
  }
  if (!progress_.applied.empty()) {
    log_once("Database migrations completed", " (duration: " + seconds_text(time_spent(progress_)) + ")");
  }
  return succeeded(progress_, pending_of(workspace_.files, read_history()).size(), env_.config.migrate().budget);
}

StepResult Up::run() {
  if (env_.previous) env_.identity.subject = env_.previous->subject;
  if (!env_.is_dry_run() || !workspace_.is_missing_file()) database_ = connect(env_, workspace_);
  const auto fail = [&](const MigrationError& error) {
    if (error.cause() != Cause::stopped) env_.log_line(std::string("Database migrations failed: ") + error.what());
    return failed(progress_, error);
  };
  StepResult answer;
  try {
    answer = act();
  } catch (const MigrationError& error) {
    answer = fail(error);
  } catch (const StatementError& error) {
    answer = fail(history_error(error));
  }
  answer.state = state();
  answer.record = Json::object({{"migrations", state()}});
  return answer;
}

}  // namespace

StepResult up(Env& env) { return Up(env).run(); }

}  // namespace baton::migrate
