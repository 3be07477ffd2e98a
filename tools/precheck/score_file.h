// One number in somebody's JSON file, found by a pointer.
#pragma once

#include <string>

#include "tools/precheck/look.h"

namespace baton::precheck {

struct Score {
  double value = 0;
  Evidence evidence = {};
};

/// Throws Error{unknown} where the file cannot be read, is larger than 16 MB, no JSON, older than precheck.max_age, or
/// has no number there.
Score read_score(const Look& look, const std::string& file, const std::string& pointer);

}  // namespace baton::precheck
