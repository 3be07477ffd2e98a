// Measured values and times as a handoff's state carries them: decimal strings and RFC 3339.
#pragma once

#include "common/core/json.h"
#include "common/core/time.h"

namespace baton::judge {

Json decimal(double value);
/// Throws Error{handoff} on what is no finite decimal number.
double decimal_from(const Json& json);
/// Throws Error{handoff} on what is no time.
Time time_from(const Json& json);

}  // namespace baton::judge
