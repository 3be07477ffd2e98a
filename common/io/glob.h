// Files by pattern.
#pragma once

#include <string_view>
#include <vector>

#include "common/io/files.h"

namespace baton {

/// Files matching a pattern with *, ? and ** relative to `base`, sorted bytewise; a name without wildcards that does
/// not exist: none.
std::vector<fs::path> find_files(const fs::path& base, std::string_view pattern);

}  // namespace baton
