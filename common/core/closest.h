// What a person who mistyped a word probably meant.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace baton {

/// The candidate a person probably meant (edit distance at most a third of the word), if there is one.
std::optional<std::string> closest(std::string_view word, std::span<const std::string> candidates);

}  // namespace baton
