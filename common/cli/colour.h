// When output is coloured, and how.
#pragma once

#include <string>
#include <string_view>

#include "common/io/env.h"

namespace baton {

inline constexpr std::string_view kRed = "\x1b[31m";
inline constexpr std::string_view kYellow = "\x1b[33m";
inline constexpr std::string_view kBold = "\x1b[1m";
inline constexpr std::string_view kPlain = "\x1b[0m";

/// `descriptor` is a terminal, or FORCE_COLOR says so; never with NO_COLOR, nor where it is not `wanted`.
bool is_coloured(bool wanted, const Environment& environment, int descriptor);
/// What failed in red, what warns or is not known in yellow, the `headline` bold.
std::string coloured(std::string_view text, std::string_view headline);

}  // namespace baton
