// Time zones by their names, from the system's time zone database.
#pragma once

#include <string_view>

#include "common/core/time_zone.h"
#include "common/io/env.h"

namespace baton {

/// "Europe/Berlin" of $TZDIR or of /usr/share/zoneinfo; "UTC" and "Z" need no file. Throws Error{unknown} where the
/// zone is not found or its file is none.
TimeZone load_zone(std::string_view name, const Environment& environment);

}  // namespace baton
