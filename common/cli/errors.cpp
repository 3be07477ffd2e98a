// What was wrong, what it means, what to do.
#include "common/cli/errors.h"

#include "common/cli/exit_meaning.h"
#include "common/core/printable.h"

namespace baton {

void log_error(Log& log, const Error& error) {
  const ExitMeaning& meaning = meaning_of(error.code());
  log.error(error.what());
  log.after(LogLevel::error, "means", meaning.meaning);
  log.after(LogLevel::error, "hint", error.hint().empty() ? meaning.next : error.hint());
}

Error internal_error(const std::exception& fault) {
  return Error(ExitCode::error, std::string("internal error: ") + printable(fault.what(), 500));
}

}  // namespace baton
