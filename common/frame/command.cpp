// Verb, flags and arguments by the tool's table.
#include "common/frame/command.h"

#include <fmt/format.h>

#include <algorithm>

#include "common/config/schema.h"
#include "common/core/closest.h"
#include "common/core/printable.h"
#include "common/core/text.h"
#include "common/core/version.h"
#include "common/frame/completion.h"
#include "common/frame/help.h"
#include "common/frame/offered.h"
#include "common/handoff/schema.h"

namespace baton {
namespace {

Error unknown_verb(const ToolTable& table, const std::string& word) {
  std::vector<std::string> names;
  for (const Verb& verb : offered_verbs(table)) names.emplace_back(verb.name);
  if (std::ranges::find(table.later_verbs, word) != table.later_verbs.end())
    return Error(ExitCode::usage, "'" + word + "' is not available in this version",
                 "Use one of: " + join(names, ", ") + ".");
  const auto nearest = closest(word, names);
  return Error(
      ExitCode::usage, "unknown verb '" + printable(word, 100) + "'",
      nearest ? "Use '" + *nearest + "' if that is what you meant." : "Use one of: " + join(names, ", ") + ".");
}

const Verb& pick_verb(const ToolTable& table, std::vector<std::string>& words) {
  if (words.empty()) return table.verbs.front();
  for (const Verb& verb : table.verbs) {
    if (verb.name != words.front()) continue;
    words.erase(words.begin());
    return verb;
  }
  throw unknown_verb(table, words.front());
}

void check_arguments(const Verb& verb, const std::vector<std::string>& arguments) {
  const std::string name(verb.name);
  if (verb.arguments.empty() && !arguments.empty()) {
    throw Error(ExitCode::usage, "'" + name + "' takes no argument, found '" + printable(arguments.front(), 100) + "'",
                "Remove it; see --help.");
  }
  if (!verb.arguments.empty() && verb.arguments.front() != '[' && arguments.empty()) {
    throw Error(ExitCode::usage, "'" + name + "' needs " + std::string(verb.arguments),
                "Name it after the verb; see --help.");
  }
}

/// The words, with the verbs that only ask for words turned into what they ask for.
std::vector<std::string> take_frame_verb(Command& command, std::vector<std::string> words) {
  if (words.empty()) return words;
  const bool asks_for_help = words.front() == kHelpVerb;
  if (words.front() == kVersionVerb) command.settings.version = true;
  if (words.front() == kCompletionVerb) command.completion = words.size() > 1 ? words[1] : "";
  if (!asks_for_help) return words;
  command.settings.help = true;
  words.erase(words.begin());
  return words;
}

/// Help of a verb that is named; of the tool where none is, or one of the frame's.
const Verb* verb_for_help(const ToolTable& table, std::vector<std::string> words) {
  const bool is_frames =
      words.empty() || words.front() == kHelpVerb || words.front() == kVersionVerb || words.front() == kCompletionVerb;
  return is_frames ? nullptr : &pick_verb(table, words);
}

/// A flag that another verb would take is no word to pass over.
void refuse_flags_of_others(const ToolTable& table, const Verb& verb, const std::vector<std::string>& given) {
  for (const std::string& flag : given) {
    const auto verbs = verbs_of_flag(table, flag);
    if (verbs.empty() || std::ranges::find(verb.flags, flag) != verb.flags.end()) continue;
    throw Error(ExitCode::usage, "--" + flag + " is not for '" + std::string(verb.name) + "'",
                "Use it with " + table.executable() + " " + join(verbs, " or ") + ".");
  }
}

/// The tool's own flags, which also note in `given` that they were.
std::vector<Option> noting(const std::vector<Option>& own, std::vector<std::string>& given) {
  std::vector<Option> options = own;
  for (Option& option : options) {
    option.set = [set = option.set, name = option.name, &given](const std::string& value) {
      given.push_back(name);
      set(value);
    };
  }
  return options;
}

void refuse_common(const ToolTable& table, const Settings& settings) {
  for (const CommonFlag& flag : common_flags()) {
    if (flag.name != "observe" || !settings.observe || is_for(flag, table.step)) continue;
    throw Error(ExitCode::usage, "--observe is not for " + table.step,
                "Use it with baton-precheck and baton-watch only.");
  }
}

}  // namespace

Command read_command(const ToolTable& table, int argc, const char* const* argv, const Environment& environment) {
  GivenFlags given;
  std::vector<std::string> own_given;
  std::vector<Option> options = noting(table.options, own_given);
  for (Option& option : bind_common_flags(given)) options.push_back(std::move(option));
  Command command;
  std::vector<std::string> words = parse_options(options, argc, argv);
  command.settings = settle(given, environment);
  words = take_frame_verb(command, std::move(words));
  if (command.settings.help) command.help_for = verb_for_help(table, words);
  if (command.answers_at_once()) return command;
  command.verb = pick_verb(table, words);
  refuse_flags_of_others(table, *command.verb, own_given);
  if (command.verb->is_partial && command.verb->is_partial()) {
    command.verb->kind = VerbKind::look;
    if (command.verb->partial_needs) command.verb->needs = command.verb->partial_needs;
  }
  check_arguments(*command.verb, words);
  if (const auto key = command.verb->argument_key; !key.empty() && !words.empty())
    command.settings.overrides.push_back({std::string(key), to_text(Json(words.front())), "the command line"});
  if (table.arguments != nullptr) *table.arguments = words;
  refuse_common(table, command.settings);
  return command;
}

std::string answer_at_once(const ToolTable& table, const Command& command, bool as_json) {
  const Settings& settings = command.settings;
  if (settings.schema == "config") return config_schema();
  if (settings.schema == "handoff") return handoff_schema();
  const auto put = [&](const char* member, const std::string& text, const std::string& in_json) {
    if (!as_json) return text;
    return to_pretty_text(Json::object({{"tool", table.executable()}, {member, in_json}}));
  };
  if (settings.version)
    return put("version", fmt::format("{} {}\n", table.executable(), kVersion), std::string(kVersion));
  if (settings.help) {
    const auto text = command.help_for == nullptr ? help_text(table) : help_text(table, *command.help_for);
    return put("help", text, text);
  }
  const auto script = completion_for(table, *command.completion);
  return put("completion", script, script);
}

bool asks_for_json(int argc, const char* const* argv, const Environment& environment) {
  std::string form = environment.value_or("BATON_OUTPUT", "");
  for (int i = 1; i < argc && std::string_view(argv[i]) != "--"; ++i) {
    const std::string_view word = argv[i];
    for (const std::string_view flag : {"--output", "-o"}) {
      if (word == flag && i + 1 < argc) form = argv[i + 1];
      if (word.starts_with(flag) && word.substr(flag.size()).starts_with("=")) form = word.substr(flag.size() + 1);
    }
  }
  return form == "json";
}

}  // namespace baton
