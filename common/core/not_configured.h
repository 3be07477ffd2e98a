// What nobody said where to find.
#pragma once

#include <string>
#include <utility>

#include "common/core/error.h"

namespace baton {

/// Nobody said where to look: other than what was said and is wrong, an ad hoc run may leave it out.
class NotConfigured : public Error {
 public:
  NotConfigured(const std::string& message, std::string hint) : Error(ExitCode::usage, message, std::move(hint)) {}
};

}  // namespace baton
