// What a verb may use: its configuration, clock, log, the handoffs before it.
#pragma once

#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "common/cli/log.h"
#include "common/config/config.h"
#include "common/config/loaded.h"
#include "common/config/sections/run.h"
#include "common/io/clock.h"
#include "common/io/env.h"
#include "common/io/http/client.h"
#include "common/step/result.h"

namespace baton {

/// What a step knows of the thing it works on; asked before the handoff of the step before is read.
struct Identity {
  Subject subject;
  Target target = {};
};

/// All that a verb may look at.
struct View {
  const LoadedConfig& loaded;
  const Config& config;
  const Environment& environment;
  Clock& clock;
  Log& log;
  std::stop_token stop;  ///< requested by SIGINT, SIGTERM and the deadline
  std::optional<Time> deadline;
  fs::path dir;                   ///< of handoffs and artifacts; exists
  Release release = {};           ///< id filled for step verbs
  bool is_release_named = false;  ///< by a person or the CI's tag; else the checkout's tag, or nobody
  RunInfo run = {};
  Identity identity = {};
  std::optional<Handoff> previous = {};  ///< the step before, checked; nothing with --standalone and no file
  std::vector<Handoff> earlier = {};     ///< every earlier step's of this release, oldest first; `previous` is the last
  /// Our own file of this id that a killed or stopped run left (verdict `again`, `stop`, …).
  std::optional<Handoff> resumed = {};
  Time started_at = {};

  /// A client with the process's proxies and the given TLS; cheap. `origin` is which setting named the server.
  HttpClient http(TlsSettings tls = {}, std::string origin = {}) const;
  bool is_dry_run() const { return config.run().dry_run; }
  bool is_standalone() const { return config.run().standalone; }
};

/// What a verb may do to its step besides.
struct Env : View {
  /// Writes our own handoff with verdict `again` and this state, so that a killed run can be resumed. Not with
  /// --dry-run.
  std::function<void(const Json& state)> save_state;
  /// Seconds-accurate "[YYYY-MM-DD HH:MM:SS] text" line for the deployment log, kept in state.log by the frame.
  std::function<void(const std::string& text)> log_line;
};

}  // namespace baton
