// What a shell offers behind a tool's name.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "common/step/tool_table.h"

namespace pages {

struct Shell {
  std::string_view name;
  std::string_view folder;  ///< where the shell looks below a prefix
  std::string_view before;  ///< of the file's name, before that of the tool
  std::string_view behind;
  std::string (*completion)(const baton::ToolTable& table);
};
std::span<const Shell> shells();

}  // namespace pages
