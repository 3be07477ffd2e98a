// Where a record goes: stdout, report files, the CI host.
#pragma once

#include <cstdio>
#include <string>

#include "common/config/sections/run.h"
#include "common/step/invocation.h"
#include "common/step/record.h"

namespace baton {

/// False when it could not be written. A reader that went away has read what it wanted, and changes no verdict.
bool print(std::FILE* stream, const std::string& text);
/// Throws Error{usage} on a report format that this version does not have.
void check_reports(const RunConfig& run);
/// The log's last words on an error, stdout, report files and the CI host; no files in a dry run. False when stdout did
/// not take it.
bool put_out(Invocation& invocation, const Record& record);
/// An error that came before there was a configuration: the log's words, stdout where that is JSON, and the CI host is
/// told where that needs no folder of ours.
void put_out_refusal(const std::string& step, Log& log, const Error& error, const Environment& environment,
                     bool as_json);

}  // namespace baton
