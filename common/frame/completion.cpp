// bash, zsh and fish: verbs first, flags behind a dash, values where help names them.
#include "common/frame/completion.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "common/core/error.h"
#include "common/core/printable.h"
#include "common/core/text.h"
#include "common/frame/offered.h"

namespace baton {
namespace {

constexpr std::string_view kOrigin = "from the tables that --help prints.";

std::string function_of(const ToolTable& table) { return "_" + replace_all(table.executable(), "-", "_"); }

std::string names_of(const Option& flag, std::string_view separator) {
  const std::string letter = flag.letter == '\0' ? "" : fmt::format("-{}{}", flag.letter, separator);
  return letter + "--" + flag.name;
}

std::string verb_names(const ToolTable& table, std::string_view separator) {
  std::vector<std::string> names;
  for (const Verb& verb : offered_verbs(table)) names.emplace_back(verb.name);
  return join(names, separator);
}

std::string in_single_quotes(const std::string& text) { return "'" + replace_all(text, "'", "'\\''") + "'"; }

std::string bash_value(std::string_view argument) {
  switch (kind_of(argument)) {
    case ValueKind::choice:
      return fmt::format("mapfile -t COMPREPLY < <(compgen -W '{}' -- \"$word\")", join(choices_of(argument), " "));
    case ValueKind::file:
      return "compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- \"$word\")";
    case ValueKind::folder:
      return "compopt -o filenames; mapfile -t COMPREPLY < <(compgen -d -- \"$word\")";
    case ValueKind::none:
    case ValueKind::any:
      break;
  }
  return ":";
}

std::string bash(const ToolTable& table) {
  std::string values;
  std::vector<std::string> flags;
  for (const Option& flag : offered_flags(table)) {
    flags.push_back(names_of(flag, " "));
    if (flag.argument.empty()) continue;
    values += fmt::format("    {}) {}; return ;;\n", names_of(flag, " | "), bash_value(flag.argument));
  }
  std::string arguments;
  for (const Verb& verb : offered_verbs(table))
    arguments += fmt::format("    {}) {} ;;\n", verb.name, bash_value(verb.arguments));
  return fmt::format(
      R"(# bash completion of {name}, {origin}
{function}() {{
  local word=${{COMP_WORDS[COMP_CWORD]}} before=${{COMP_WORDS[COMP_CWORD - 1]}} verb='' i
  COMPREPLY=()
  # "=" is a word of its own
  if [ "$word" = = ]; then word=''; elif [ "$before" = = ]; then before=${{COMP_WORDS[COMP_CWORD - 2]}}; fi
  case $before in
{values}  esac
  if [[ $word == -* ]]; then
    mapfile -t COMPREPLY < <(compgen -W '{flags}' -- "$word")
    return
  fi
  for ((i = 1; i < COMP_CWORD; i++)); do
    case ${{COMP_WORDS[i]}} in {either}) verb=${{COMP_WORDS[i]}}; break ;; esac
  done
  case $verb in
    '') mapfile -t COMPREPLY < <(compgen -W '{verbs}' -- "$word") ;;
{arguments}  esac
}}
complete -F {function} {name}
)",
      fmt::arg("name", table.executable()), fmt::arg("origin", kOrigin), fmt::arg("function", function_of(table)),
      fmt::arg("values", values), fmt::arg("flags", join(flags, " ")), fmt::arg("verbs", verb_names(table, " ")),
      fmt::arg("either", verb_names(table, " | ")), fmt::arg("arguments", arguments));
}

std::string zsh_value(std::string_view argument) {
  switch (kind_of(argument)) {
    case ValueKind::none:
      return "";
    case ValueKind::choice:
      return fmt::format(":value:({})", join(choices_of(argument), " "));
    case ValueKind::file:
      return ":file:_files";
    case ValueKind::folder:
      return ":folder:_files -/";
    case ValueKind::any:
      break;
  }
  return ":value: ";
}

std::string zsh_argument(std::string_view argument) {
  switch (kind_of(argument)) {
    case ValueKind::choice:
      return fmt::format("compadd {}", join(choices_of(argument), " "));
    case ValueKind::file:
      return "_files";
    case ValueKind::folder:
      return "_files -/";
    case ValueKind::none:
    case ValueKind::any:
      break;
  }
  return "";
}

/// A flag may be given again: zsh's "*" says so of all, as the parser does.
std::string zsh_flag(const Option& flag, const std::string& name) {
  std::string help = flag.help;
  for (const char* special : {"\\", "[", "]", ":"}) help = replace_all(help, special, std::string("\\") + special);
  const std::string_view equals = !flag.argument.empty() && name.starts_with("--") ? "=" : "";
  return "    " + in_single_quotes(fmt::format("*{}{}[{}]{}", name, equals, help, zsh_value(flag.argument))) + "\n";
}

std::string zsh(const ToolTable& table) {
  std::string flags;
  for (const Option& flag : offered_flags(table)) {
    if (flag.letter != '\0') flags += zsh_flag(flag, std::string{'-', flag.letter});
    flags += zsh_flag(flag, "--" + flag.name);
  }
  std::string verbs;
  std::string arguments;
  for (const Verb& verb : offered_verbs(table)) {
    verbs += "    " + in_single_quotes(fmt::format("{}:{}", verb.name, replace_all(verb.help, ":", "\\:"))) + "\n";
    const std::string offer = zsh_argument(verb.arguments);
    if (!offer.empty()) arguments += fmt::format("    argument:{}) {} ;;\n", verb.name, offer);
  }
  return fmt::format(
      R"(#compdef {name}
# {origin}
{function}() {{
  local curcontext=$curcontext state line
  local -A opt_args
  local -a verbs=(
{verbs}  )
  local -a flags=(
{flags}  )
  _arguments -C -S $flags '1: :->verb' '*: :->argument' && return
  case $state:${{line[1]}} in
    verb:*) _describe verb verbs ;;
{arguments}  esac
}}
{function} "$@"
)",
      fmt::arg("name", table.executable()), fmt::arg("origin", kOrigin), fmt::arg("function", function_of(table)),
      fmt::arg("verbs", verbs), fmt::arg("flags", flags), fmt::arg("arguments", arguments));
}

std::string fish_text(const std::string& text) {
  return "'" + replace_all(replace_all(text, "\\", "\\\\"), "'", "\\'") + "'";
}

std::string fish_value(std::string_view argument) {
  switch (kind_of(argument)) {
    case ValueKind::none:
      return "";
    case ValueKind::choice:
      return fmt::format(" -x -a '{}'", join(choices_of(argument), " "));
    case ValueKind::file:
      return " -r -F";
    case ValueKind::folder:
      return " -x -a '(__fish_complete_directories)'";
    case ValueKind::any:
      break;
  }
  return " -x";
}

std::string fish_argument(std::string_view argument) {
  switch (kind_of(argument)) {
    case ValueKind::choice:
      return fmt::format("-a '{}'", join(choices_of(argument), " "));
    case ValueKind::file:
      return "-F";
    case ValueKind::folder:
      return "-a '(__fish_complete_directories)'";
    case ValueKind::none:
    case ValueKind::any:
      break;
  }
  return "";
}

std::string fish(const ToolTable& table) {
  const std::string complete = "complete -c " + table.executable();
  std::string text = fmt::format("# fish completion of {}, {}\n{} -f\n", table.executable(), kOrigin, complete);
  const std::string verbs = verb_names(table, " ");
  for (const Verb& verb : offered_verbs(table)) {
    text += fmt::format("{} -n 'not __fish_seen_subcommand_from {}' -a {} -d {}\n", complete, verbs, verb.name,
                        fish_text(std::string(verb.help)));
    const std::string offer = fish_argument(verb.arguments);
    if (!offer.empty()) text += fmt::format("{} -n '__fish_seen_subcommand_from {}' {}\n", complete, verb.name, offer);
  }
  for (const Option& flag : offered_flags(table)) {
    const std::string letter = flag.letter == '\0' ? "" : fmt::format(" -s {}", flag.letter);
    text += fmt::format("{}{} -l {}{} -d {}\n", complete, letter, flag.name, fish_value(flag.argument),
                        fish_text(flag.help));
  }
  return text;
}

constexpr auto kShells = std::to_array<Shell>({
    {"bash", "share/bash-completion/completions", "", "", bash},
    {"zsh", "share/zsh/site-functions", "_", "", zsh},
    {"fish", "share/fish/vendor_completions.d", "", ".fish", fish},
});

}  // namespace

std::span<const Shell> shells() { return kShells; }

std::string completion_for(const ToolTable& table, std::string_view shell) {
  const auto* known = std::ranges::find(kShells, shell, &Shell::name);
  if (known != kShells.end()) return known->completion(table);
  throw Error(ExitCode::usage, "there are no completions for '" + printable(shell, 100) + "'",
              "Use bash, zsh or fish.");
}

}  // namespace baton
