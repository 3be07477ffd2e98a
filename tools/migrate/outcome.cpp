// From progress to findings; state and record are added by the step.
#include "tools/migrate/outcome.h"

#include <numeric>

#include "common/core/text.h"
#include "common/core/units.h"

namespace baton::migrate {
namespace {

Finding finding(std::string id, std::string title, Outcome outcome, std::string message) {
  return {.id = std::move(id),
          .sop = "2b",
          .title = std::move(title),
          .critical = true,
          .outcome = outcome,
          .message = std::move(message)};
}

std::string why_no_backup(const Progress& progress) {
  if (!progress.has_looked) return "it was not reached";
  if (progress.applied.empty() && progress.pending.empty()) return "nothing was pending";
  if (progress.was_empty) return "the database was empty";
  if (!progress.wants_backup) return "migrate.backup is off";
  return progress.pending.empty() ? "none of the earlier run is here" : "it was not reached";
}

Finding backup_finding(const Progress& progress) {
  if (is_backed_up(progress)) {
    const Backup& backup = *progress.backup;
    Finding made = finding("database-backup", "Database backup", Outcome::pass, "read back whole");
    if (progress.is_in_workspace) {
      made.outcome = Outcome::warn;
      made.message += "; it lies in the job's workspace, which the host clears: keep it elsewhere before the job ends";
      made.recovery = {"Set migrate.backup_dir to a folder outside of the workspace that outlives the job"};
    }
    made.observed = Measured(backup.size, "B");
    made.files = {backup.path, "sha256:" + backup.sha256};
    return made;
  }
  Finding none = finding("database-backup", "Database backup", Outcome::skipped, why_no_backup(progress));
  const bool is_idle = progress.applied.empty() && progress.pending.empty();
  none.settled = progress.has_looked && (is_idle || progress.was_empty);
  return none;
}

std::string summary(const Progress& progress) {
  std::string text;
  for (const auto& migration : progress.applied) {
    text += "Applied: " + migration.file + (migration.duration ? " in " + to_words(*migration.duration) : "") + "\n";
  }
  for (const auto& migration : progress.pending) text += "Pending: " + migration.file + "\n";
  if (text.empty()) text = progress.has_looked ? "Nothing is pending.\n" : "What is pending is not known.\n";
  if (!is_backed_up(progress)) return text;
  const Backup& backup = *progress.backup;
  return text + "Backup: " + backup.path + " (" + size_text(backup.size) + ", read back, sha256 " + backup.sha256 +
         ")\n";
}

StepResult result(const Progress& progress, Verdict verdict, std::vector<Finding> findings) {
  return {.verdict = verdict, .findings = std::move(findings), .summary = summary(progress)};
}

}  // namespace

bool is_backed_up(const Progress& progress) { return progress.backup && !progress.backup->sha256.empty(); }

Verdict verdict_of(Cause cause) {
  const ExitCode code = code_of(cause);
  if (code == ExitCode::rollback_failed) return Verdict::rollback_failed;
  if (code == ExitCode::stop) return Verdict::stop;
  return code == ExitCode::unknown ? Verdict::unknown : Verdict::again;
}

StepResult succeeded(const Progress& progress, std::size_t left, Duration budget) {
  const auto count = static_cast<long long>(progress.applied.size());
  Finding applied = finding("migrations-applied", "Database migrations", Outcome::pass,
                            count == 0 ? "nothing was pending" : count_text(count, "migration") + " applied");
  applied.observed = Measured(std::chrono::duration<double>(time_spent(progress)).count(), "s");
  applied.expected = Expected("<", Measured(std::chrono::duration<double>(budget).count(), "s"));
  Finding status = finding("migration-status", "Migration status", left == 0 ? Outcome::pass : Outcome::fail, "");
  status.observed = Measured(left, "pending");
  status.expected = Expected("=", Measured(0, "pending"));
  std::vector<Finding> findings = {backup_finding(progress), std::move(applied), std::move(status)};
  const Verdict verdict = decide(findings);
  return result(progress, verdict, std::move(findings));
}

StepResult failed(const Progress& progress, const MigrationError& error) {
  const bool is_backup = error.cause() == Cause::no_backup;
  const Verdict verdict = verdict_of(error.cause());
  const bool is_certain = verdict == Verdict::stop || verdict == Verdict::rollback_failed;
  const Outcome outcome = is_certain ? Outcome::fail : Outcome::unknown;
  Finding failure = is_backup ? finding("database-backup", "Database backup", outcome, error.what())
                              : finding("migrations-applied", "Database migrations", outcome, error.what());
  failure.recovery = recovery_steps(error.cause(), is_backed_up(progress) ? progress.backup->path : "");
  std::vector<Finding> findings;
  if (!is_backup) findings.push_back(backup_finding(progress));
  const auto recovery = failure.recovery;
  findings.push_back(std::move(failure));
  StepResult answer = result(progress, verdict, std::move(findings));
  answer.recovery = recovery;
  return answer;
}

StepResult held(const Progress& progress, const std::string& holder) {
  return result(progress, Verdict::again,
                {finding("migrations-applied", "Database migrations", Outcome::unknown,
                         "another migration run holds the database's lock: " + holder)});
}

StepResult only_looked(const Progress& progress) {
  const auto count = static_cast<long long>(progress.pending.size());
  return result(progress, Verdict::proceed,
                {finding("migrations-applied", "Database migrations", Outcome::skipped,
                         count_text(count, "migration") + " pending, none applied: dry run")});
}

std::string seconds_text(Duration duration) {
  const double seconds = std::chrono::duration<double>(duration).count();
  return number_text(seconds, seconds < 1 ? 2 : seconds < 10 ? 1 : 0) + "s";
}

Duration time_spent(const Progress& progress) {
  return std::accumulate(
      progress.applied.begin(), progress.applied.end(), Duration(0),
      [](Duration sum, const auto& migration) { return sum + migration.duration.value_or(Duration(0)); });
}

}  // namespace baton::migrate
