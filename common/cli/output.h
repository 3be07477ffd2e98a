// Where a record goes: stdout, report files, the CI host.
#pragma once

#include <cstdio>
#include <exception>
#include <string>

#include "common/cli/record.h"
#include "common/cli/session.h"

namespace baton {

/// What cannot be written is lost: a reader that went away changes no verdict.
void print(std::FILE* stream, const std::string& text);
/// Throws Error{usage} on a report format that this version does not have.
void check_reports(const RunConfig& run);
/// The log's last words on an error, stdout, report files and the CI host; no files in a dry run.
void put_out(Session& session, const Record& record);
/// One line each for what was wrong, what that means and what to do.
void log_error(Log& log, const Error& error);
/// A fault of ours, as the error it is told as.
Error internal_error(const std::exception& fault);

}  // namespace baton
