// Where a record goes: stdout, report files, the CI host.
#pragma once

#include "common/cli/record.h"
#include "common/cli/session.h"

namespace baton {

/// Throws Error{usage} on a report format that this version does not have.
void check_reports(const RunConfig& run);
/// Report files and stdout; never files in a dry run.
void put_out(Session& session, const Record& record);
void put_out_error(Session& session, const Error& error);
/// One line each for what was wrong, what that means and what to do.
void log_error(Log& log, const Error& error);

}  // namespace baton
