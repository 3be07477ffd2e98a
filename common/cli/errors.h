// Errors as people read them on stderr.
#pragma once

#include <exception>

#include "common/cli/log.h"
#include "common/core/error.h"

namespace baton {

/// One line each for what was wrong, what that means and what to do.
void log_error(Log& log, const Error& error);
/// The same of one that came before anything was begun: no file was made, nobody was asked.
void log_refusal(Log& log, const Error& error);
/// A fault of ours, as the error it is told as.
Error internal_error(const std::exception& fault);

}  // namespace baton
