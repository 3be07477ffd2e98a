// What --help prints.
#pragma once

#include <string>

#include "common/step/tool_table.h"

namespace baton {

/// Purpose, verbs, flags, environment and exit codes, all from the tables that the parser reads.
std::string help_text(const ToolTable& table);

}  // namespace baton
