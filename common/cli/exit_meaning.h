// What each exit code means, in words; help and records read the same table.
#pragma once

#include <span>
#include <string_view>

#include "common/core/error.h"

namespace baton {

struct ExitMeaning {
  ExitCode code;
  std::string_view meaning;
  std::string_view next;  ///< what to do when nothing more precise is known; empty for proceed
};
std::span<const ExitMeaning> exit_meanings();
const ExitMeaning& meaning_of(ExitCode code);

}  // namespace baton
