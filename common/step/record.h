// What one run has to say: on stdout, in reports and to the CI host.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "common/core/report.h"
#include "common/step/tool_table.h"

namespace baton {

struct Record {
  std::string step;
  std::string verb;
  VerbKind kind = VerbKind::look;
  Release release = {};
  StepResult result = {};
  ExitCode code = ExitCode::unknown;
  std::optional<Error> error = {};  ///< why the verb could not do its job
  std::string observed = {};        ///< the real verdict of an `--observe` run
  std::string handoff_path = {};    ///< empty: none written
  std::string handoff_sha256 = {};
  bool is_dry_run = false;
  bool is_kept = false;  ///< the step had ended before; nothing was done again
  Time started_at = {};
  Time finished_at = {};

  /// The verdict's name; of an error that came before any verdict, the exit code's.
  std::string_view verdict_word() const;
  bool has_failed() const { return code != ExitCode::proceed && code != ExitCode::again; }
  /// A step that was refused for what it was told, before it began: it leaves nothing.
  bool was_refused() const { return kind == VerbKind::step && code == ExitCode::usage && handoff_path.empty(); }
};

/// For people: "go on, with warnings".
std::string_view verdict_words(Verdict verdict);
/// "switch of shop v1.6.0: stop (exit 3)". Where the code is not the verdict's own, what it means stands beside it.
std::string headline(const Record& record);
/// For people: the verb's own summary; of a failure then what was seen, what it means and what to do next.
std::string text_record(const Record& record);
/// One JSON document with everything; the verb's own members are on its top level.
Json json_record(const Record& record);
/// The findings in the SOP's order of outcome, for Markdown.
Report report_of(const Record& record);
/// The SOP's recovery steps of the result and of every finding that is no pass, each once.
std::vector<std::string> recovery_of(const Record& record);

}  // namespace baton
