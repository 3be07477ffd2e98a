// Tables of separated values: rows as they come.
#pragma once

#include <cstddef>
#include <functional>
#include <istream>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace baton::precheck {

/// One row and its number from 1 on; holds only while it is told.
using TakeRow = std::function<void(std::span<const std::string> fields, std::size_t number)>;

/// The separator, by the first line that is not blank.
using ChooseSeparator = std::function<char(std::string_view first)>;

/// RFC 4180, with any separator: a quoted field may hold separators, ends of lines and doubled quotes. Blank lines are
/// no rows. Throws Error{unknown} "NAME: …" as for_each_line() does, on an open quote, on a field of more than 1 MiB
/// and on more than 1000 fields.
void parse_csv(std::istream& bytes, std::string_view name, const ChooseSeparator& choose, const TakeRow& take);
/// The fields of one line that stands alone.
std::vector<std::string> csv_fields(std::string_view line, char separator);

}  // namespace baton::precheck
