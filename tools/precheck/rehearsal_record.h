// The record of the rehearsal on staging, as far as it is about the migrations that are pending here.
#pragma once

#include <functional>

#include "common/handoff/rehearsal.h"
#include "tools/precheck/check.h"
#include "tools/precheck/pending_migrations.h"

namespace baton::precheck {

/// What `judge` makes of precheck.migrations.rehearsal. Passes without it where no migration is pending; skipped where
/// none is configured; unknown where the record is of other files, of this very database, says nothing of a migration
/// that is pending, is older than precheck.max_age or from the future. Throws Error{unknown} where it is no record.
Observation judge_rehearsal(const Look& look, const std::function<Observation(const Rehearsal&)>& judge);

/// SOP 1.3: success, less than migrations.max_duration, nobody waited longer than migrations.max_lock.
Observation judge_success(const Rehearsal& rehearsal, const Config& config);
/// SOP 1.3: the way down works.
Observation judge_way_down(const Rehearsal& rehearsal);

}  // namespace baton::precheck
