// The frame: from argv to the exit code; every error is caught here, once.
#include "common/frame/run_tool.h"

#include "common/ci/release.h"
#include "common/ci/run.h"
#include "common/cli/errors.h"
#include "common/config/loaded.h"
#include "common/config/sections/run.h"
#include "common/frame/command.h"
#include "common/frame/exit_style.h"
#include "common/frame/output.h"
#include "common/step/flow.h"
#include "common/step/invocation.h"

namespace baton {
namespace {

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

ExitCode run_command(const ToolTable& table, const Command& command, const Environment& environment, bool as_json) {
  if (command.answers_at_once()) return say(table, answer_at_once(table, command, as_json));
  LoadedConfig loaded = load_settled(command.settings, *command.verb, environment);
  check_reports(loaded.values.run());
  if (command.settings.print_config)
    return say(table, loaded.values.run().json_output ? loaded.printed_json() : loaded.printed());
  RunInfo run = find_run(find_ci(loaded.values.run().ci, environment), environment);
  Invocation invocation(table, *command.verb, command.settings, std::move(loaded), environment, std::move(run));
  const Record record = run_verb(invocation);
  // What callers are told in numbers of theirs is no code of ours, but goes the same way out.
  if (put_out(invocation, record))
    return static_cast<ExitCode>(exit_status(record, invocation.config().run().exit_style));
  invocation.log.error(kUnsaid);
  return weightiest({record.code, ExitCode::error});
}

}  // namespace

ExitCode run_tool(const ToolTable& table, int argc, const char* const* argv, const Environment& environment) {
  Log log({.tool = table.step});
  const bool as_json = asks_for_json(argc, argv, environment);
  try {
    return run_command(table, read_command(table, argc, argv, environment), environment, as_json);
  } catch (const Error& error) {
    put_out_refusal(table.step, log, error, environment, as_json);
    return error.code();
  } catch (const std::exception& fault) {
    const Error error = internal_error(fault);
    put_out_refusal(table.step, log, error, environment, as_json);
    return error.code();
  }
}

}  // namespace baton
