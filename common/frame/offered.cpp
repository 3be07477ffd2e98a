// The words of --help that name a value also say how to complete it.
#include "common/frame/offered.h"

#include <algorithm>

#include "common/cli/flags.h"
#include "common/core/text.h"

namespace baton {
namespace {

std::string_view without_brackets(std::string_view argument) {
  const bool is_optional = argument.size() > 2 && argument.front() == '[';
  return is_optional ? argument.substr(1, argument.size() - 2) : argument;
}

}  // namespace

std::vector<Verb> offered_verbs(const ToolTable& table) {
  std::vector<Verb> verbs = table.verbs;
  verbs.push_back({.name = kHelpVerb, .help = "Say what a verb does and which flags are its", .arguments = "[VERB]"});
  verbs.push_back({.name = kVersionVerb, .help = "Print the version"});
  verbs.push_back({.name = kCompletionVerb,
                   .help = "Print what a shell reads to complete this tool",
                   .arguments = "bash|zsh|fish"});
  return verbs;
}

std::vector<Option> shared_flags(std::string_view step) {
  GivenFlags unused;
  std::vector<Option> flags = bind_common_flags(unused);
  for (const CommonFlag& flag : common_flags()) {
    if (!is_for(flag, step)) std::erase_if(flags, [&](const Option& option) { return option.name == flag.name; });
  }
  for (Option& flag : flags) flag.set = {};
  return flags;
}

std::vector<std::string> verbs_of_flag(const ToolTable& table, std::string_view flag) {
  std::vector<std::string> verbs;
  for (const Verb& verb : table.verbs) {
    if (std::ranges::find(verb.flags, flag) != verb.flags.end()) verbs.emplace_back(verb.name);
  }
  return verbs;
}

std::vector<Option> tool_flags(const ToolTable& table) {
  std::vector<Option> flags = table.options;
  for (Option& flag : flags) {
    const auto verbs = verbs_of_flag(table, flag.name);
    if (!verbs.empty()) flag.help = join(verbs, ", ") + ": " + flag.help;
    flag.set = {};
  }
  return flags;
}

std::vector<Option> offered_flags(const ToolTable& table) {
  std::vector<Option> flags = tool_flags(table);
  for (Option& flag : shared_flags(table.step)) flags.push_back(std::move(flag));
  return flags;
}

std::vector<std::string> choices_of(std::string_view argument) {
  if (argument.find('|') == std::string_view::npos) return {};
  return split(argument, '|');
}

ValueKind kind_of(std::string_view argument) {
  const std::string_view word = without_brackets(argument);
  if (word.empty()) return ValueKind::none;
  if (word == "FILE") return ValueKind::file;
  if (word == "DIR") return ValueKind::folder;
  return choices_of(word).empty() ? ValueKind::any : ValueKind::choice;
}

}  // namespace baton
