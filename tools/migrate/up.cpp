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

using Cause = MigrationError::Cause;

constexpr Duration kComeBack = std::chrono::minutes(1);

/// The look before anything is touched.
std::set<std::string> look(const Attempt& attempt) {
  // A dry run makes no file; where there is none, nothing was applied.
  if (!attempt.database) return {};
  return look_at_history(attempt.env, attempt.workspace);
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
  const auto applied = look(attempt);
  attempt.load_pending(applied);
  take_over(attempt, applied);
  const auto programs = prepare_backup(attempt);
  if (env.is_dry_run()) return only_looked(attempt.progress);
  if (const auto holder = keep_others_out(attempt)) return come_back_later(attempt, *holder);
  if (!attempt.progress.pending.empty()) {
    back_up(attempt, programs);
    apply_all(attempt);
  }
  return conclude(attempt);
}

StepResult give_up(const Attempt& attempt, const MigrationError& error) {
  if (error.cause() != Cause::stopped) {
    attempt.env.log_line(std::string("Database migrations failed: ") + error.what());
  }
  return failed(attempt.progress, error);
}

StepResult answer_of(Attempt& attempt) {
  try {
    return proceed(attempt);
  } catch (const MigrationError& error) {
    return give_up(attempt, error);
  } catch (const database::StatementError& error) {
    return give_up(attempt, history_error(error));
  }
}

}  // namespace

StepResult up(Env& env) {
  Attempt attempt{.env = env, .workspace = find_workspace(env)};
  if (env.previous) env.identity.subject = env.previous->subject;
  if (!env.is_dry_run() || !attempt.workspace.is_missing_file()) attempt.database = connect(env, attempt.workspace);
  StepResult answer = answer_of(attempt);
  answer.state = attempt.state();
  answer.record = Json::object({{"migrations", attempt.state()}});
  return answer;
}

}  // namespace baton::migrate
