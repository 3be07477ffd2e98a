// The line that a text stands in.
#pragma once

#include <cstddef>
#include <string_view>

#include "tools/precheck/secrets/matcher.h"

namespace baton::precheck::secrets {

/// Where the line of `at` begins, at most 400 bytes before it.
std::size_t line_begin(std::string_view block, std::size_t at);
/// Where it ends, at most 400 bytes behind it.
std::size_t line_end(std::string_view block, std::size_t at);
/// Whether one of the rule's keywords stands in the line of what was found, outside of it.
bool has_keyword(const Rule& rule, std::string_view block, const Found& found);
/// The value of a rule that only its keyword tells: behind an assignment, within 40 bytes of the keyword, which stands
/// at `at` and has `size` bytes.
std::optional<Found> value_after(const Rule& rule, std::string_view block, std::size_t at, std::size_t size);

}  // namespace baton::precheck::secrets
