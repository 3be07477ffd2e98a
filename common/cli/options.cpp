// Reads argv by the table of options; the only file that knows cxxopts.
#include "common/cli/options.h"

// A value may hold commas (--set 'list=[a, b]'): nothing here is a list to cxxopts.
#define CXXOPTS_VECTOR_DELIMITER '\0'
#include <algorithm>
#include <charconv>
#include <cxxopts.hpp>

#include "common/core/closest.h"
#include "common/core/error.h"
#include "common/core/printable.h"
#include "common/core/text.h"

namespace baton {
namespace {

std::string flag_text(const std::string& name) { return (name.size() == 1 ? "-" : "--") + name; }

Error unknown_flag(std::span<const Option> options, const std::string& name) {
  std::vector<std::string> known;
  for (const Option& option : options) known.push_back(option.name);
  const auto nearest = closest(name, known);
  return Error(ExitCode::usage, "unknown flag '" + flag_text(name) + "'",
               nearest ? "Use '--" + *nearest + "' if that is what you meant." : "See --help for the flags there are.");
}

const Option* find_option(std::span<const Option> options, const std::string& written) {
  const auto found = std::ranges::find_if(options, [&](const Option& option) {
    return written == "--" + option.name || (option.letter != '\0' && written == std::string{'-', option.letter});
  });
  return found == options.end() ? nullptr : &*found;
}

/// Unknown flags are found before cxxopts sees them, whose exception keeps the name only inside its text.
void refuse_unknown(std::span<const Option> options, int argc, const char* const* argv) {
  for (int i = 1; i < argc; ++i) {
    const std::string word = argv[i];
    if (word == "--") return;
    if (word.size() < 2 || word.front() != '-') continue;
    const auto value_at = word.find('=');
    const std::string name = word.substr(0, value_at);
    const Option* option = find_option(options, name);
    if (option == nullptr) throw unknown_flag(options, name.substr(name[1] == '-' ? 2 : 1));
    if (!option->argument.empty() && value_at == std::string::npos) ++i;  // the next word is its value
  }
}

cxxopts::Options table_for(std::span<const Option> options) {
  cxxopts::Options table("baton");
  for (const Option& option : options) {
    const std::string letter = option.letter == '\0' ? "" : std::string{option.letter} + ",";
    const auto value = cxxopts::value<std::string>();
    if (option.argument.empty()) value->implicit_value("true");
    table.add_options()(letter + option.name, option.help, value);
  }
  return table;
}

void apply(std::span<const Option> options, const std::string& name, const std::string& value) {
  const auto option = std::ranges::find(options, name, &Option::name);
  if (option == options.end() || (value.empty() && !option->takes_empty)) return;
  if (option->argument.empty()) parse_boolean(value, flag_text(name));
  option->set(value);
}

}  // namespace

bool parse_boolean(const std::string& value, const std::string& where) {
  if (value == "true") return true;
  if (value == "false") return false;
  throw Error(ExitCode::usage, where + " is '" + printable(value, 100) + "', not true or false",
              "Write true or false.");
}

int parse_int(const std::string& value, const std::string& where) {
  int number = 0;
  const char* end = value.data() + value.size();
  const auto [rest, trouble] = std::from_chars(value.data(), end, number);
  if (trouble == std::errc{} && rest == end) return number;
  throw Error(ExitCode::usage, where + " is '" + printable(value, 100) + "', not a whole number",
              "Write a whole number.");
}

std::vector<std::string> parse_options(std::span<const Option> options, int argc, const char* const* argv) {
  refuse_unknown(options, argc, argv);
  cxxopts::Options table = table_for(options);
  try {
    const cxxopts::ParseResult result = table.parse(argc, argv);
    for (const auto& given : result.arguments()) apply(options, given.key(), given.value());
    return result.unmatched();
  } catch (const cxxopts::exceptions::exception& trouble) {
    throw Error(ExitCode::usage, printable(to_lower(trouble.what()), 300), "See --help for the flags there are.");
  }
}

}  // namespace baton
