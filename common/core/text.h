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
std::string trim(std::string&& text);                                   ///< owned, as a view into it would dangle
std::vector<std::string> split(std::string_view text, char separator);  ///< empty pieces kept
std::string join(std::span<const std::string> pieces, std::string_view separator);
bool starts_with_icase(std::string_view text, std::string_view prefix);
std::string to_lower(std::string_view text);  ///< ASCII
std::string replace_all(std::string_view text, std::string_view from, std::string_view to);

std::string percent_encode(std::string_view text);  ///< everything but RFC 3986's unreserved characters
std::string shell_word(std::string_view text);      ///< one word of a POSIX shell
/// Fills {{name}} by `lookup`; Error{usage} names the first one for which it has nothing.
std::string fill_placeholders(std::string_view text,
                              const std::function<std::optional<std::string>(std::string_view)>& lookup);
/// "1 pod", "3 pods"; `plural` where adding an s is wrong.
std::string count_text(long long count, std::string_view singular, std::string_view plural = {});
std::string in_brackets(std::string_view text);  ///< " (text)"; nothing of nothing

}  // namespace baton
