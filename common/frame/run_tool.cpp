// The frame: from argv to the exit code; every error is caught here, once.
#include "common/frame/run_tool.h"

#include <fmt/format.h>

#include "common/ci/release.h"
#include "common/ci/run.h"
#include "common/cli/errors.h"
#include "common/config/loaded.h"
#include "common/config/schema.h"
#include "common/config/sections/run.h"
#include "common/core/closest.h"
#include "common/core/printable.h"
#include "common/core/text.h"
#include "common/core/version.h"
#include "common/frame/help.h"
#include "common/frame/output.h"
#include "common/handoff/schema.h"
#include "common/step/flow.h"
#include "common/step/invocation.h"

namespace baton {
namespace {

struct Command {
  Settings settings;
  std::optional<Verb> verb = {};
  std::vector<std::string> arguments;
};

Error unknown_verb(const ToolTable& table, const std::string& word) {
  if (word == "completion")
    return Error(ExitCode::usage, "completion is not available in this version",
                 "Install the one in share/ of the release's archive.");
  std::vector<std::string> names;
  for (const Verb& verb : table.verbs) names.emplace_back(verb.name);
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

Command read_command(const ToolTable& table, int argc, const char* const* argv, const Environment& environment) {
  GivenFlags given;
  std::vector<Option> options = table.options;
  for (Option& option : bind_common_flags(given)) options.push_back(std::move(option));
  Command command;
  std::vector<std::string> words = parse_options(options, argc, argv);
  command.settings = settle(given, environment);
  if (command.settings.help || command.settings.version || !command.settings.schema.empty()) return command;
  command.verb = pick_verb(table, words);
  if (command.verb->is_partial && command.verb->is_partial()) {
    command.verb->kind = VerbKind::look;
    if (command.verb->partial_needs) command.verb->needs = command.verb->partial_needs;
  }
  check_arguments(*command.verb, words);
  if (const auto key = command.verb->argument_key; !key.empty() && !words.empty())
    command.settings.overrides.push_back({std::string(key), to_text(Json(words.front())), "the command line"});
  if (table.arguments != nullptr) *table.arguments = words;
  if (command.settings.observe && table.step != "precheck" && table.step != "watch") {
    throw Error(ExitCode::usage, "--observe is not for " + table.step,
                "Use it with baton-precheck and baton-watch only.");
  }
  return command;
}

/// What needs neither configuration nor world; nothing when the verb is to be run.
std::optional<std::string> answer_at_once(const ToolTable& table, const Settings& settings) {
  if (settings.version) return fmt::format("{} {}\n", table.executable(), kVersion);
  if (settings.help) return help_text(table);
  if (settings.schema == "config") return config_schema();
  if (settings.schema == "handoff") return handoff_schema();
  return std::nullopt;
}

Record empty_record(const Invocation& invocation) {
  return {.step = invocation.table.step,
          .verb = std::string(invocation.verb.name),
          .kind = invocation.verb.kind,
          .release = invocation.env.release,
          .is_dry_run = invocation.config().run().dry_run,
          .started_at = invocation.env.started_at,
          .finished_at = invocation.clock.now()};
}

Record run_look(Invocation& invocation) {
  StepResult result = invocation.verb.run(invocation.env);
  Record record = empty_record(invocation);
  record.code = result.code ? *result.code : invocation.with_stop(exit_code(result.verdict));
  record.result = std::move(result);
  return record;
}

Record failed(const Invocation& invocation, const Error& error) {
  Record record = empty_record(invocation);
  record.code = invocation.code_of(error);
  record.error = Error(record.code, error.what(), error.hint());
  return record;
}

void check_variables(Invocation& invocation) {
  invocation.loaded.require_set(invocation.table.step, invocation.verb.needs);
  if (!invocation.verb.needs) return;
  for (const auto& dropped : invocation.loaded.drop_unset()) invocation.log.warning(dropped);
}

Record run_verb(Invocation& invocation) {
  try {
    check_reports(invocation.config().run());
    check_variables(invocation);
    invocation.env.release = find_release(invocation.config(), invocation.environment);
    invocation.env.is_release_named = is_release_named(invocation.config(), invocation.environment);
    return invocation.verb.kind == VerbKind::step ? run_step(invocation) : run_look(invocation);
  } catch (const Error& error) {
    return failed(invocation, error);
  } catch (const std::exception& fault) {
    return failed(invocation, internal_error(fault));
  }
}

constexpr std::string_view kUnsaid = "cannot write to stdout: what was found is not said in full";

ExitCode say(const ToolTable& table, const std::string& text) {
  if (print(stdout, text)) return ExitCode::proceed;
  Log({.tool = table.step}).error(kUnsaid);
  return ExitCode::error;
}

ExitCode run_command(const ToolTable& table, const Command& command, const Environment& environment) {
  if (const auto answer = answer_at_once(table, command.settings)) return say(table, *answer);
  LoadedConfig loaded = load_settled(command.settings, *command.verb, environment);
  if (command.settings.print_config) return say(table, loaded.printed());
  RunInfo run = find_run(find_ci(loaded.values.run().ci, environment), environment);
  Invocation invocation(table, *command.verb, command.settings, std::move(loaded), environment, std::move(run));
  const Record record = run_verb(invocation);
  if (put_out(invocation, record)) return record.code;
  invocation.log.error(kUnsaid);
  return weightiest({record.code, ExitCode::error});
}

}  // namespace

ExitCode run_tool(const ToolTable& table, int argc, const char* const* argv, const Environment& environment) {
  Log log({.tool = table.step});
  try {
    return run_command(table, read_command(table, argc, argv, environment), environment);
  } catch (const Error& error) {
    put_out_refusal(table.step, log, error, environment);
    return error.code();
  } catch (const std::exception& fault) {
    log_error(log, internal_error(fault));
    return ExitCode::error;
  }
}

}  // namespace baton
