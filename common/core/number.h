// Decimal numbers in foreign text.
#pragma once

#include <optional>
#include <string_view>

namespace baton {

/// "12", "-0.5", "2e3": the whole text, in C's spelling whatever the locale. Nothing for anything else, a blank or a
/// sign "+" in front, "inf" and "nan" included.
std::optional<double> parse_decimal(std::string_view text);

}  // namespace baton
