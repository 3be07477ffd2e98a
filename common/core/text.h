// Small text operations that more than one floor needs.
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace baton {

std::string_view trim(std::string_view text);                           ///< ASCII white space
std::vector<std::string> split(std::string_view text, char separator);  ///< empty pieces kept
std::string join(std::span<const std::string> pieces, std::string_view separator);
bool starts_with_icase(std::string_view text, std::string_view prefix);
std::string to_lower(std::string_view text);  ///< ASCII
std::string replace_all(std::string_view text, std::string_view from, std::string_view to);

/// A URL or libpq connection text without its password and without the values of query parameters that carry secrets.
std::string redact(std::string_view url);
/// Foreign text made safe for a terminal, a log line or a CI host: control characters become \xNN, invalid UTF-8
/// U+FFFD,
/// "::" at a line's start is broken, longer than `max` is cut with "…".
std::string printable(std::string_view text, std::size_t max = 2000);
bool is_utf8(std::string_view text);
std::string percent_encode(std::string_view text);  ///< everything but RFC 3986's unreserved characters
/// The candidate a person probably meant (edit distance at most a third of the word), if there is one.
std::optional<std::string> closest(std::string_view word, std::span<const std::string> candidates);
/// Fills {{name}} by `lookup`; Error{usage} names the first one for which it has nothing.
std::string fill_placeholders(std::string_view text,
                              const std::function<std::optional<std::string>(std::string_view)>& lookup);
/// "1 pod", "3 pods"; `plural` where adding an s is wrong.
std::string count_text(long long count, std::string_view singular, std::string_view plural = {});

}  // namespace baton
