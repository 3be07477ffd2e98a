// What the command line asks for, and what can be answered without looking at anything.
#pragma once

#include <optional>
#include <string>

#include "common/cli/flags.h"
#include "common/step/tool_table.h"

namespace baton {

struct Command {
  Settings settings;
  std::optional<Verb> verb = {};
  const Verb* help_for = nullptr;              ///< null: help of the whole tool
  std::optional<std::string> completion = {};  ///< the shell

  bool answers_at_once() const {
    return settings.help || settings.version || !settings.schema.empty() || completion.has_value();
  }
};

/// Throws Error{usage} on whatever the table does not know.
Command read_command(const ToolTable& table, int argc, const char* const* argv, const Environment& environment);
/// An answer that needs neither configuration nor world; with --output json what is text stands in a member.
std::string answer_at_once(const ToolTable& table, const Command& command, bool as_json);
/// Whether stdout is to be JSON, though the command line may be wrong: then nothing else says so.
bool asks_for_json(int argc, const char* const* argv, const Environment& environment);

}  // namespace baton
