// What --help prints.
#pragma once

#include <string>

#include "common/step/tool_table.h"

namespace baton {

/// Purpose, verbs, flags, environment and exit codes, all from the tables that the parser reads.
std::string help_text(const ToolTable& table);
/// Of one verb: its arguments, the flags that are its alone, and examples.
std::string help_text(const ToolTable& table, const Verb& verb);

}  // namespace baton
