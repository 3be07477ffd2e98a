// What a tool offers on the command line: help, manual pages and completions list the same.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "common/step/tool_table.h"

namespace baton {

/// Answered by the frame, in every tool.
inline constexpr std::string_view kHelpVerb = "help";
inline constexpr std::string_view kVersionVerb = "version";
inline constexpr std::string_view kCompletionVerb = "completion";

/// The tool's own verbs, then those that all five have; the latter run nothing.
std::vector<Verb> offered_verbs(const ToolTable& table);
/// The flags of all five that `step` takes. They set nothing.
std::vector<Option> shared_flags(std::string_view step);
/// The tool's own flags, each with the verbs that it is for. They set nothing.
std::vector<Option> tool_flags(const ToolTable& table);
/// The tool's own flags, then the shared ones.
std::vector<Option> offered_flags(const ToolTable& table);
/// The verbs that a flag of the tool's own is for.
std::vector<std::string> verbs_of_flag(const ToolTable& table, std::string_view flag);

/// "text" and "json" of "text|json"; nothing where any value will do.
std::vector<std::string> choices_of(std::string_view argument);
/// What stands for an argument on the command line.
enum class ValueKind { none, choice, file, folder, any };
ValueKind kind_of(std::string_view argument);

}  // namespace baton
