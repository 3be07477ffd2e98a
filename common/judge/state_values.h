// Measured values and times as a handoff's state carries them: decimal strings and RFC 3339.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "common/core/json.h"
#include "common/core/time.h"

namespace baton::judge {

Json decimal(double value);
/// Throws Error{handoff} on what is no finite decimal number.
double decimal_from(const Json& json);
/// The same; nothing where there is none.
std::optional<double> optional_decimal_from(const Json& json);
/// Throws Error{handoff} on what is no time.
Time time_from(const Json& json);
/// None where there is no list.
std::vector<std::string> texts_from(const Json& list);

}  // namespace baton::judge
