// --help, from the tables that the parser reads.
#include "common/frame/help.h"

#include <fmt/format.h>

#include <algorithm>

#include "common/cli/exit_meaning.h"
#include "common/frame/offered.h"

namespace baton {
namespace {

constexpr std::size_t kColumn = 34;

std::string line(const std::string& left, std::string_view right) {
  if (left.size() + 2 > kColumn) return fmt::format("  {}\n{:{}}{}\n", left, "", kColumn + 2, right);
  return fmt::format("  {:<{}}{}\n", left, kColumn, right);
}

std::string option_line(const Option& option) {
  const std::string letter = option.letter == '\0' ? "" : fmt::format("-{}, ", option.letter);
  const std::string value = option.argument.empty() ? "" : " " + option.argument;
  return line(letter + "--" + option.name + value, option.help);
}

std::string option_lines(const std::vector<Option>& options) {
  std::string lines;
  for (const Option& option : options) lines += option_line(option);
  return lines;
}

std::string with_arguments(const Verb& verb) {
  return std::string(verb.name) + (verb.arguments.empty() ? "" : " " + std::string(verb.arguments));
}

std::string verb_lines(const ToolTable& table) {
  std::string lines;
  for (const Verb& verb : offered_verbs(table)) {
    const std::string_view mark = verb.name == table.verbs.front().name ? " (the default)" : "";
    lines += line(with_arguments(verb), fmt::format("{}{}", verb.help, mark));
  }
  return lines;
}

std::vector<Option> own_flags(const ToolTable& table, const Verb& verb) {
  std::vector<Option> own;
  for (const Option& option : table.options) {
    if (std::ranges::find(verb.flags, option.name) != verb.flags.end()) own.push_back(option);
  }
  return own;
}

std::string titled(std::string_view title, const std::string& lines) {
  return lines.empty() ? "" : fmt::format("\n{}:\n{}", title, lines);
}

}  // namespace

std::string help_text(const ToolTable& table) {
  std::string codes;
  for (const ExitMeaning& row : exit_meanings()) {
    codes += line(fmt::format("{:>3} {}", static_cast<int>(row.code), exit_name(row.code)), row.meaning);
  }
  return fmt::format("{0}: {1}\n\nUsage: {0} [VERB] [FLAGS]; {0} help VERB says more of one\n\nVerbs:\n{2}",
                     table.executable(), table.purpose, verb_lines(table)) +
         titled("Flags", option_lines(tool_flags(table))) +
         titled("Flags of all five tools (environment: BATON_<FLAG>, file: run:)",
                option_lines(shared_flags(table.step))) +
         titled("Exit codes", codes);
}

std::string help_text(const ToolTable& table, const Verb& verb) {
  std::string examples;
  for (const std::string_view example : verb.examples) examples += fmt::format("  {}\n", example);
  return fmt::format("{0} {1}: {2}\n\nUsage: {0} {3} [FLAGS]\n", table.executable(), verb.name, verb.help,
                     with_arguments(verb)) +
         titled("Examples", examples) + titled("Flags", option_lines(own_flags(table, verb))) +
         fmt::format("\nThe flags of all five tools and the exit codes: {} --help\n", table.executable());
}

}  // namespace baton
