// What a page says of a flag, whatever its form.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "common/step/tool_table.h"

namespace pages {

/// The flags of the tool alone, then those of all five, as --help lists them. They set nothing.
std::vector<baton::Option> all_flags(const baton::ToolTable& table);
/// The flags of all five tools.
std::vector<baton::Option> shared_flags();
/// "text" and "json" of "text|json"; nothing where any value will do.
std::vector<std::string> choices_of(std::string_view argument);

/// What stands for an argument on the command line.
enum class ValueKind { none, choice, file, folder, any };
ValueKind kind_of(std::string_view argument);

}  // namespace pages
