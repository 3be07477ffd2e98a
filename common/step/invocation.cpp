// Builds a run's surroundings.
#include "common/step/invocation.h"

#include <unistd.h>

#include <algorithm>

#include "common/cli/colour.h"
#include "common/config/loaded.h"
#include "common/config/loader.h"
#include "common/config/sections/run.h"
#include "common/core/error.h"
#include "common/core/number.h"
#include "common/core/printable.h"

namespace baton {
namespace {

/// As shells tell the width of their terminal; 0: they do not.
int columns(const Environment& environment) {
  constexpr double kMost = 10'000;
  return static_cast<int>(std::clamp(parse_decimal(environment.value_or("COLUMNS", "")).value_or(0), 0.0, kMost));
}

Log::Settings log_settings(const std::string& step, const RunConfig& run, const Environment& environment) {
  return {.tool = step,
          .level = log_level_from(run.log_level),
          .json = run.json_log,
          .color = is_coloured(run.color, environment, STDERR_FILENO),
          .live = isatty(STDERR_FILENO) == 1,
          .columns = columns(environment)};
}

/// A look that does without the app's name: whoever has no baton.yaml can take it.
bool is_for_outsiders(const Verb& verb) {
  return verb.kind == VerbKind::look && verb.needs && std::ranges::find(*verb.needs, "app") == verb.needs->end();
}

/// What has no key in the file, and so is not the loader's.
LoadedConfig with_keyless(LoadedConfig loaded, const Settings& settings) {
  RunConfig& run = loaded.values.run();
  run.standalone = settings.standalone;
  run.dry_run = settings.dry_run;
  run.observe = settings.observe;
  run.handoff_sha256 = settings.handoff_sha256;
  return loaded;
}

}  // namespace

Invocation::Invocation(const ToolTable& tool, const Verb& chosen, Settings settled, LoadedConfig config,
                       const Environment& process, RunInfo run)
    : table(tool),
      verb(chosen),
      settings(std::move(settled)),
      environment(process),
      loaded(with_keyless(std::move(config), settings)),
      log(log_settings(table.step, loaded.values.run(), environment)),
      env{{.loaded = loaded,
           .config = loaded.values,
           .environment = environment,
           .clock = clock,
           .log = log,
           .stop = signals.token(),
           .deadline = {},
           .dir = loaded.values.run().dir,
           .run = std::move(run),
           .started_at = clock.now()},
          [](const Json&) {},
          [](const std::string&) {}} {
  if (const auto length = loaded.values.run().deadline) {
    env.deadline = env.started_at + *length;
    signals.set_deadline(clock, *length);
  }
}

ExitCode Invocation::with_stop(ExitCode code) const {
  const auto reason = signals.reason();
  return reason ? weightiest({code, *reason}) : code;
}

ExitCode Invocation::code_of(const Error& error) const {
  const auto reason = signals.reason();
  return reason && error.code() == ExitCode::interrupted ? *reason : with_stop(error.code());
}

LoadedConfig load_settled(const Settings& settings, const Verb& verb, const Environment& environment) {
  const std::string name = settings.config_file.empty() ? "baton.yaml" : settings.config_file;
  ConfigSource source{.name = name,
                      .text = read_file_if_exists(name),
                      .overrides = settings.overrides,
                      .standalone = settings.standalone || is_for_outsiders(verb),
                      .folder_name = fs::current_path().filename().string()};
  if (!source.text && settings.config_file.empty() && fs::exists("baton.yml"))
    throw Error(ExitCode::usage, "there is no baton.yaml, and a baton.yml", "Rename it, or pass --config baton.yml.");
  if (!source.text && !settings.config_file.empty()) {
    throw Error(ExitCode::usage, "cannot read the configuration '" + printable(name, 300) + "': no such file",
                "Correct --config, or leave it away to use baton.yaml.");
  }
  return load_config(source, environment);
}

}  // namespace baton
