// One run of a tool, from argv to the exit code.
#pragma once

#include "common/io/env.h"
#include "common/step/tool_table.h"

namespace baton {

/// Never throws: every error is printed on stderr and becomes its code.
ExitCode run_tool(const ToolTable& table, int argc, const char* const* argv, const Environment& environment);

}  // namespace baton
