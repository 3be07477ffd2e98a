// What a migrate step says of what it did: findings, summary, recovery.
#pragma once

#include "common/step/env.h"
#include "tools/migrate/progress.h"
#include "tools/migrate/runner.h"

namespace baton::migrate {

bool is_backed_up(const Progress& progress);

/// What a cause's exit code says to the next step.
Verdict verdict_of(Cause cause);

/// Nothing failed: `left` are the files that the history still lacks.
StepResult succeeded(const Progress& progress, std::size_t left, Duration budget);
StepResult failed(const Progress& progress, const MigrationError& error);
/// Another run holds the lock.
StepResult held(const Progress& progress, const std::string& holder);
/// A dry run.
StepResult only_looked(const Progress& progress);

/// "1.2s", "90s": the deployment log's.
std::string seconds_text(Duration duration);
/// Of the applied migrations together.
Duration time_spent(const Progress& progress);

}  // namespace baton::migrate
