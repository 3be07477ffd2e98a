// The frame: from argv to the exit code; every error is caught here, once.
#include "common/cli/frame.h"

#include "common/cli/output.h"
#include "common/cli/release.h"
#include "common/cli/session.h"
#include "common/cli/step_flow.h"
#include "common/core/text.h"
#include "common/handoff/schema.h"

namespace baton {
namespace {

struct Command {
  Settings settings;
  const Verb* verb = nullptr;
  std::vector<std::string> arguments;
};

Error unknown_verb(const ToolTable& table, const std::string& word) {
  if (word == "completion")
    return Error(ExitCode::usage, "completion is not available in this version", "Use --help instead.");
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
  command.verb = &pick_verb(table, words);
  check_arguments(*command.verb, words);
  if (table.arguments != nullptr) *table.arguments = words;
  if (command.settings.observe && table.step != "precheck" && table.step != "watch") {
    throw Error(ExitCode::usage, "--observe is not for " + table.step,
                "Use it with baton-precheck and baton-watch only.");
  }
  return command;
}

/// What needs neither configuration nor world; nothing when the verb is to be run.
std::optional<std::string> answer_at_once(const ToolTable& table, const Settings& settings) {
  if (settings.version) return table.executable() + " " BATON_VERSION "\n";
  if (settings.help) return help_text(table);
  if (settings.schema == "config") return config_schema();
  if (settings.schema == "handoff") return handoff_schema();
  return std::nullopt;
}

Record empty_record(const Session& session) {
  return {.step = session.table.step,
          .verb = std::string(session.verb.name),
          .kind = session.verb.kind,
          .release = session.env.release,
          .is_dry_run = session.config().run.dry_run,
          .started_at = session.env.started_at,
          .finished_at = session.clock.now()};
}

Record run_look(Session& session) {
  session.env.release = find_release(session.config(), session.environment);
  StepResult result = session.verb.run(session.env);
  Record record = empty_record(session);
  record.code = result.code ? *result.code : session.with_stop(exit_code(result.verdict));
  record.result = std::move(result);
  return record;
}

Record failed(const Session& session, const Error& error) {
  Record record = empty_record(session);
  record.code = session.code_of(error);
  record.error = Error(record.code, error.what(), error.hint());
  return record;
}

Record run_verb(Session& session) {
  try {
    check_reports(session.config().run);
    return session.verb.kind == VerbKind::step ? run_step(session) : run_look(session);
  } catch (const Error& error) {
    return failed(session, error);
  } catch (const std::exception& fault) {
    return failed(session, internal_error(fault));
  }
}

ExitCode run_command(const ToolTable& table, const Command& command, const Environment& environment) {
  if (const auto answer = answer_at_once(table, command.settings)) {
    print(stdout, *answer);
    return ExitCode::proceed;
  }
  LoadedConfig loaded = load_settled(command.settings, environment);
  if (command.settings.print_config) {
    print(stdout, loaded.printed());
    return ExitCode::proceed;
  }
  Session session(table, *command.verb, command.settings, std::move(loaded), environment);
  const Record record = run_verb(session);
  put_out(session, record);
  return record.code;
}

}  // namespace

ExitCode run_tool(const ToolTable& table, int argc, const char* const* argv, const Environment& environment) {
  Log log({.tool = table.step});
  try {
    return run_command(table, read_command(table, argc, argv, environment), environment);
  } catch (const Error& error) {
    log_error(log, error);
    return error.code();
  } catch (const std::exception& fault) {
    log_error(log, internal_error(fault));
    return ExitCode::error;
  }
}

}  // namespace baton
