// The manual page of a tool.
#pragma once

#include <string>
#include <string_view>

#include "common/step/tool_table.h"

namespace pages {

/// For section 1, in roff's man macros. `date` is what its footer says, as 2026-11-27.
std::string manual_page(const baton::ToolTable& table, std::string_view date);
/// `text` so that roff prints it as it is.
std::string roff(std::string_view text);

}  // namespace pages
