// Foreign text, checked and made safe to print.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace baton {

/// Foreign text made safe for a terminal, a log line or a CI host: what is not seen becomes \xNN, invalid UTF-8 becomes
/// U+FFFD, "::" at a line's start and "##[" are broken, secrets in use become ***, longer than `max` is cut with "…".
std::string printable(std::string_view text, std::size_t max = 2000);
/// JSON in which no text is a command to a CI host: that takes "##[" for one wherever it stands, and in JSON the
/// bracket may be written by its number.
std::string json_without_commands(std::string_view json);
bool is_utf8(std::string_view text);

}  // namespace baton
