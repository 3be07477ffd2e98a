// Reports that are lists of lines.
#pragma once

#include <cstddef>
#include <functional>
#include <istream>
#include <string_view>

namespace baton::precheck {

/// One line, without its end, and its number from 1 on; holds only while it is told.
using TakeLine = std::function<void(std::string_view line, std::size_t number)>;

/// Ends of lines are "\n" or "\r\n"; a byte order mark is left out. Throws Error{unknown} "NAME: …" on no line at all,
/// on control characters other than tabs, on what is not UTF-8, on a line of more than 1 MiB, and where the last one
/// has no end: nobody knows how it went on.
void for_each_line(std::istream& bytes, std::string_view name, const TakeLine& take);
/// "NAME: line 7 …"; throws Error{unknown}.
[[noreturn]] void refuse_line(std::string_view name, std::size_t number, std::string_view what);
/// The first line of a text that is neither blank nor begins with `comment`; empty: there is none, or it has no end.
std::string_view first_line(std::string_view head, std::string_view comment = {});

}  // namespace baton::precheck
