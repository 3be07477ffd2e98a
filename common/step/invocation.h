// All that one run needs, built once from the command line: configuration, log, stop token, Env.
#pragma once

#include <memory>

#include "common/cli/flags.h"
#include "common/cli/signals.h"
#include "common/step/env.h"
#include "common/step/tool_table.h"

namespace baton {

struct Invocation {
  const ToolTable& table;
  const Verb& verb;
  Settings settings;
  Environment environment;
  LoadedConfig loaded;
  SystemClock clock = {};
  StopSignals signals = {};
  Log log;
  Env env;

  /// `run` is what the CI host says of this pipeline.
  Invocation(const ToolTable& tool, const Verb& chosen, Settings settled, LoadedConfig config,
             const Environment& process, RunInfo run);

  const Config& config() const { return loaded.values; }
  /// The code when a stop was asked for while the verb ended by itself with `code`.
  ExitCode with_stop(ExitCode code) const;
  /// The code that an error ends the run with: of a stopped verb the stop's own.
  ExitCode code_of(const Error& error) const;
};

/// Reads the file that the settings name, for this verb; throws Error{usage}.
LoadedConfig load_settled(const Settings& settings, const Verb& verb, const Environment& environment);

}  // namespace baton
