// --help, from the tables that the parser reads.
#include "common/frame/help.h"

#include <fmt/format.h>

#include "common/cli/exit_meaning.h"
#include "common/cli/flags.h"

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

std::string verb_lines(const ToolTable& table) {
  std::string lines;
  for (const Verb& verb : table.verbs) {
    const std::string arguments = verb.arguments.empty() ? "" : " " + std::string(verb.arguments);
    const std::string mark = &verb == table.verbs.data() ? " (the default)" : "";
    lines += line(std::string(verb.name) + arguments, std::string(verb.help) + mark);
  }
  return lines;
}

std::string common_lines() {
  GivenFlags unused;
  std::string lines;
  for (const Option& option : bind_common_flags(unused)) lines += option_line(option);
  return lines;
}

}  // namespace

std::string help_text(const ToolTable& table) {
  std::string own;
  for (const Option& option : table.options) own += option_line(option);
  std::string codes;
  for (const ExitMeaning& row : exit_meanings()) {
    codes += line(fmt::format("{:>3} {}", static_cast<int>(row.code), exit_name(row.code)), row.meaning);
  }
  return fmt::format(
      "{0}: {1}\n\nUsage: {0} [VERB] [FLAGS]\n\nVerbs:\n{2}{3}{4}\nFlags of all five tools (environment: BATON_<FLAG>, "
      "file: run:):\n{5}"
      "\nExit codes:\n{6}",
      table.executable(), table.purpose, verb_lines(table), own.empty() ? "" : "\nFlags:\n", own, common_lines(),
      codes);
}

}  // namespace baton
