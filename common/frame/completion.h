// What a shell offers behind a tool's name.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "common/step/tool_table.h"

namespace baton {

struct Shell {
  std::string_view name;
  std::string_view folder;  ///< where the shell looks below a prefix
  std::string_view before;  ///< of the file's name, before that of the tool
  std::string_view behind;
  std::string (*completion)(const ToolTable& table);
};
std::span<const Shell> shells();

/// Throws Error{usage} on a shell that is none of these.
std::string completion_for(const ToolTable& table, std::string_view shell);

}  // namespace baton
