// From progress to findings; state and record are added by the step.
#include "tools/migrate/outcome.h"

#include <numeric>

#include "common/core/text.h"
#include "common/core/units.h"
#include "tools/migrate/recovery_steps.h"

namespace baton::migrate {
namespace {

using Cause = MigrationError::Cause;

Finding finding(std::string id, std::string title, Outcome outcome, std::string message) {
  return {.id = std::move(id),
          .sop = "2b",
          .title = std::move(title),
          .critical = true,
          .outcome = outcome,
          .message = std::move(message)};
}

Finding backup_finding(const Progress& progress) {
  if (is_backed_up(progress)) {
    const Backup& backup = *progress.backup;
    Finding made = finding("database-backup", "Database backup", Outcome::pass, "read back whole");
    made.observed = Measured(backup.size, "B");
    made.files = {backup.path, "sha256:" + backup.sha256};
    return made;
  }
  const bool is_idle = progress.applied.empty() && progress.pending.empty();
  const std::string reason = is_idle              ? "nothing was pending"
                             : progress.was_empty ? "the database was empty"
                                                  : "migrate.backup is off";
  Finding none = finding("database-backup", "Database backup", Outcome::skipped, reason);
  none.settled = is_idle || progress.was_empty;
  return none;
}

std::string summary(const Progress& progress) {
  std::string text;
  for (const auto& migration : progress.applied) {
    text += "Applied: " + migration.file + (migration.duration ? " in " + to_words(*migration.duration) : "") + "\n";
  }
  for (const auto& migration : progress.pending) text += "Pending: " + migration.file + "\n";
  if (text.empty()) text = "Nothing is pending.\n";
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
  const Outcome outcome = error.code() == ExitCode::stop ? Outcome::fail : Outcome::unknown;
  Finding failure = is_backup ? finding("database-backup", "Database backup", outcome, error.what())
                              : finding("migrations-applied", "Database migrations", outcome, error.what());
  failure.recovery = recovery_steps(error.cause(), is_backed_up(progress) ? progress.backup->path : "");
  std::vector<Finding> findings;
  if (!is_backup) findings.push_back(backup_finding(progress));
  const auto recovery = failure.recovery;
  findings.push_back(std::move(failure));
  const Verdict verdict = error.cause() == Cause::stopped ? Verdict::again : decide(findings);
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
