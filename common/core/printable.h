// Foreign text, checked and made safe to print.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace baton {

/// Foreign text made safe for a terminal, a log line or a CI host: what is not seen becomes \xNN, invalid UTF-8 becomes
/// U+FFFD, "::" at a line's start and "##[" are broken, secrets in use become ***, longer than `max` is cut with "…".
std::string printable(std::string_view text, std::size_t max = 2000);
bool is_utf8(std::string_view text);

}  // namespace baton
