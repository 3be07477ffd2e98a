// The frame of all five executables: argv, configuration, handoffs, locks, reports, signals, exit codes.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "common/cli/log.h"
#include "common/config/config.h"
#include "common/handoff/statement.h"
#include "common/io/clock.h"
#include "common/io/env.h"
#include "common/io/files.h"
#include "common/io/http.h"

namespace baton {

/// What a verb decided; the frame turns it into the record, the handoff, reports and the exit code.
struct StepResult {
  Verdict verdict = Verdict::unknown;
  std::optional<ExitCode> code =
      {};  ///< only where the verdict's own does not say enough (124, 130, 143, 3 of watch's manual rollback)
  std::vector<Finding> findings = {};
  Json state = Json::object();  ///< the step's own, for the handoff
  std::vector<Evidence> evidence = {};
  std::vector<fs::path> artifacts = {};  ///< files in `dir` that this step wrote and answers for
  std::string summary = {};              ///< stdout's record for people; several lines
  Json record = Json::object();          ///< members added to the JSON record
  std::optional<Time> run_again_at = {};
  std::optional<Time> expires_at = {};
  std::vector<std::string> recovery = {};  ///< the SOP's recovery steps, printed after a failure
};

/// What a step knows of the thing it works on; asked before the handoff of the step before is read.
struct Identity {
  Subject subject;
  Target target = {};
};

/// All that a verb may touch of the outside world.
struct Env {
  const LoadedConfig& loaded;
  const Config& config;
  const Environment& environment;
  Clock& clock;
  Log& log;
  std::stop_token stop;  ///< requested by SIGINT, SIGTERM and the deadline
  std::optional<Time> deadline;
  fs::path dir;          ///< of handoffs and artifacts; exists
  Release release = {};  ///< id filled for step verbs
  RunInfo run = {};
  Identity identity = {};
  std::optional<Handoff> previous = {};  ///< the step before, checked; nothing with --standalone and no file
  std::vector<Handoff> earlier =
      {};  ///< every earlier step's handoff of this release, oldest first; `previous` is the last
  std::optional<Handoff> resumed =
      {};  ///< our own file of this id that a killed or stopped run left (verdict `again`, `stop`, …)
  Time started_at = {};

  /// A client with the process's proxies and the given TLS; cheap.
  HttpClient http(TlsSettings tls = {}) const;
  /// Writes our own handoff with verdict `again` and this state, so that a killed run can be resumed. Not with
  /// --dry-run.
  std::function<void(const Json& state)> save_state;
  bool is_dry_run() const { return config.run.dry_run; }
  bool is_standalone() const { return config.run.standalone; }
  /// Seconds-accurate "[YYYY-MM-DD HH:MM:SS] text" line for the deployment log, kept in state.log by the frame.
  std::function<void(const std::string& text)> log_line;
};

enum class VerbKind {
  look,  ///< reads and prints; no handoff is asked for or written
  act,   ///< changes things on a person's word (rollback): no handoff asked for, none needed
  step,  ///< the step itself: asks for the step before, writes its own handoff
};

struct Verb {
  std::string_view name;
  std::string_view help;
  VerbKind kind = VerbKind::look;
  std::function<StepResult(Env&)> run;
  std::string_view arguments = {};  ///< "FILE", shown in help; empty: none taken
};

/// Options are bound to the fields they set; help and parser come from the same table.
class Tool {
 public:
  Tool(std::string_view step, std::string_view purpose);
  ~Tool();

  /// `argument` is what help calls the value.
  void accept(std::string_view flag, std::string& field, std::string_view help, std::string_view argument = "TEXT");
  void accept(std::string_view flag, int& field, std::string_view help);
  void accept(std::string_view flag, bool& field, std::string_view help);
  /// Repeatable.
  void accept(std::string_view flag, std::vector<std::string>& field, std::string_view help,
              std::string_view argument = "TEXT");
  /// Positional arguments after the verb.
  void accept_arguments(std::vector<std::string>& field);
  /// The first verb is the default.
  void verb(Verb verb);
  /// Called for step verbs before the previous handoff is read: what we work on. Unset: nothing known.
  void identify_by(std::function<Identity(Env&)> identify);
  /// Whether an unfinished intent of this release id is recorded in the cluster (expiry is not checked then). Called
  /// after identify.
  void resume_if(std::function<bool(Env&)> is_resuming);

  ExitCode run(int argc, const char* const* argv);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// Each executable has one; the only main() calls it.
ExitCode tool_main(int argc, const char* const* argv);

}  // namespace baton
