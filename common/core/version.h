// Which Baton this is.
#pragma once

#include <string_view>

namespace baton {

/// "0.1.0", CMake's project version.
extern const std::string_view kVersion;

}  // namespace baton
