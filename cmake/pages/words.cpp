// The words of --help that name a value also say how to complete it.
#include "cmake/pages/words.h"

#include "common/cli/flags.h"
#include "common/core/text.h"

namespace pages {
namespace {

std::string_view without_brackets(std::string_view argument) {
  const bool is_optional = argument.size() > 2 && argument.front() == '[';
  return is_optional ? argument.substr(1, argument.size() - 2) : argument;
}

}  // namespace

std::vector<baton::Option> shared_flags() {
  baton::GivenFlags unused;
  std::vector<baton::Option> flags = baton::bind_common_flags(unused);
  for (baton::Option& flag : flags) flag.set = {};
  return flags;
}

std::vector<baton::Option> all_flags(const baton::ToolTable& table) {
  std::vector<baton::Option> flags = table.options;
  for (baton::Option& flag : shared_flags()) flags.push_back(std::move(flag));
  return flags;
}

std::vector<std::string> choices_of(std::string_view argument) {
  if (argument.find('|') == std::string_view::npos) return {};
  return baton::split(argument, '|');
}

ValueKind kind_of(std::string_view argument) {
  const std::string_view word = without_brackets(argument);
  if (word.empty()) return ValueKind::none;
  if (word == "FILE") return ValueKind::file;
  if (word == "DIR") return ValueKind::folder;
  return choices_of(word).empty() ? ValueKind::any : ValueKind::choice;
}

}  // namespace pages
