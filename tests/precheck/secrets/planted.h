// Values that a rule takes for secrets, made when a test runs, so that none stands in this repository.
#pragma once

#include <string>

#include "common/core/digest.h"

namespace baton::test {

/// A token in GitLab's form for pipeline triggers, whose digits depend on `seed`.
inline std::string planted_token(const std::string& seed = "a") {
  return std::string("gl") + "ptt-" + sha256_hex("planted " + seed).substr(0, 40);
}

/// A zip of one file, with its list.
std::string zip_of(const std::string& name, const std::string& content, bool is_deflated);

}  // namespace baton::test
