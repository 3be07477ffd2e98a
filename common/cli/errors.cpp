// What was wrong, a line each, what it means, what to do.
#include "common/cli/errors.h"

#include "common/cli/exit_meaning.h"
#include "common/core/printable.h"
#include "common/core/text.h"

namespace baton {

namespace {

void write(Log& log, const Error& error, std::string_view end_of_meaning) {
  const ExitMeaning& meaning = meaning_of(error.code());
  for (const std::string& line : split(error.what(), '\n')) log.error(line);
  log.after(LogLevel::error, "means", std::string(meaning.meaning).append(end_of_meaning));
  log.after(LogLevel::error, "hint", error.hint().empty() ? meaning.next : error.hint());
}

}  // namespace

void log_error(Log& log, const Error& error) { write(log, error, ""); }

void log_refusal(Log& log, const Error& error) {
  write(log, error, error.code() == ExitCode::error ? "" : "; nothing was touched");
}

Error internal_error(const std::exception& fault) {
  return Error(ExitCode::error, std::string("internal error: ") + printable(fault.what(), 500));
}

}  // namespace baton
