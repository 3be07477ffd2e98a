// The step itself: look, back up, apply, look again. Each intent is saved before its act.
#include "tools/migrate/up.h"

#include "common/config/sections/migrate.h"
#include "common/config/sections/run.h"
#include "common/core/printable.h"
#include "tools/migrate/backup/step.h"
#include "tools/migrate/lock.h"
#include "tools/migrate/outcome.h"
#include "tools/migrate/resume.h"

namespace baton::migrate {
namespace {

constexpr Duration kComeBack = std::chrono::minutes(1);

/// Standbys and servers that were made read-only are found before the dear backup.
void check_writable(const Attempt& attempt) {
  if (attempt.engine() != database::Engine::postgresql || attempt.progress.pending.empty()) return;
  const auto rows =
      attempt.database->query("select pg_is_in_recovery()::text, current_setting('transaction_read_only')");
  const auto& row = rows.rows.at(0);
  const std::string name = "the database '" + attempt.workspace.direct.identity + "' ";
  if (row[0] == "true") throw MigrationError(Cause::read_only, name + "is a standby: it takes no writes");
  if (row[1] == "on") throw MigrationError(Cause::read_only, name + "is read-only (default_transaction_read_only)");
}

/// The files were read before: a bad one must not leave a new, empty SQLite file behind. A dry run makes none.
void open_database(Attempt& attempt) {
  if (attempt.env.is_dry_run() && attempt.workspace.is_missing_file()) return;
  attempt.database = connect(attempt.env, attempt.workspace);
  check_writable(attempt);
}

/// Takes the database's lock where something is pending, and looks again once it is ours: another run may have applied
/// some of it. Who holds the lock, when it is not ours.
std::optional<std::string> keep_others_out(Attempt& attempt) {
  if (attempt.progress.pending.empty()) return std::nullopt;
  const View& env = attempt.env;
  auto holder = take_lock(*attempt.database, attempt.engine(), patience_of(env), env.config.migrate().budget);
  if (!holder) attempt.load_pending(attempt.read_history());
  return holder;
}

void apply_first(Attempt& attempt, const Runner& runner) {
  const View& env = attempt.env;
  auto& progress = attempt.progress;
  const Migration migration = progress.pending.front();
  env.log.info("applying " + printable(migration.file));
  const Duration started = env.clock.monotonic();
  const bool is_ours = runner.apply(migration);
  progress.pending.erase(progress.pending.begin());
  if (is_ours) progress.applied.push_back(attempt.entry_of(migration, env.clock.monotonic() - started));
  attempt.save();
}

void apply_all(Attempt& attempt) {
  const View& env = attempt.env;
  const Duration budget = env.config.migrate().budget;
  const Runner runner{.database = *attempt.database,
                      .engine = attempt.engine(),
                      .format = attempt.workspace.format,
                      .clock = env.clock,
                      .log = env.log,
                      .stop = env.stop,
                      .end = env.clock.monotonic() + budget,
                      .budget = budget};
  attempt.log_once("Database migrations started");
  attempt.workspace.format.history.prepare(*attempt.database, attempt.engine());
  while (!attempt.progress.pending.empty()) apply_first(attempt, runner);
}

StepResult come_back_later(const Attempt& attempt, const std::string& holder) {
  StepResult answer = held(attempt.progress, holder);
  answer.run_again_at = attempt.env.clock.now() + kComeBack;
  return answer;
}

StepResult conclude(const Attempt& attempt) {
  const auto& progress = attempt.progress;
  if (!progress.applied.empty()) {
    attempt.log_once("Database migrations completed", " (duration: " + seconds_text(time_spent(progress)) + ")");
  }
  const auto left = pending_of(attempt.workspace.files, attempt.read_history()).size();
  return succeeded(progress, left, attempt.env.config.migrate().budget);
}

/// The order of work.
StepResult proceed(Attempt& attempt) {
  const View& env = attempt.env;
  const auto applied = look_at_history(env, attempt.workspace);
  attempt.load_pending(applied);
  take_over(attempt, applied);
  check_backup_folder(attempt);
  open_database(attempt);
  if (env.is_dry_run()) return only_looked(attempt.progress);
  const auto programs = find_programs(attempt);
  take_over_backup(attempt, programs);
  if (const auto holder = keep_others_out(attempt)) return come_back_later(attempt, *holder);
  if (!attempt.progress.pending.empty()) {
    attempt.has_written = true;
    back_up(attempt, programs);
    apply_all(attempt);
  }
  return conclude(attempt);
}

StepResult give_up(const Attempt& attempt, const MigrationError& error) {
  StepResult answer = failed(attempt.progress, error);
  if (answer.verdict != Verdict::again) {
    attempt.env.log_line(std::string("Database migrations failed: ") + error.what());
  }
  if (error.cause() == Cause::locked) answer.run_again_at = attempt.env.clock.now() + kComeBack;
  return answer;
}

StepResult answer_of(Attempt& attempt) {
  try {
    return proceed(attempt);
  } catch (const MigrationError& error) {
    return give_up(attempt, error);
  } catch (const database::StatementError& error) {
    return give_up(attempt, history_error(error));
  } catch (const Error& error) {
    // Its code says that nothing was touched.
    if (error.code() != ExitCode::usage || !attempt.has_written) throw;
    return give_up(attempt, MigrationError(Cause::changed, error.what(), error.hint()));
  }
}

}  // namespace

StepResult up(Env& env) {
  Attempt attempt{
      .env = env, .workspace = find_workspace(env), .progress = {.wants_backup = env.config.migrate().backup}};
  attempt.files_sha256 = digest_of(attempt.workspace.files);
  if (env.previous) env.identity.subject = env.previous->subject;
  StepResult answer = answer_of(attempt);
  answer.state = attempt.state();
  answer.record = Json::object({{"migrations", attempt.state()}});
  return answer;
}

}  // namespace baton::migrate
