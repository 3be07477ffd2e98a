// What a verb decided, before the frame makes the record, the handoff, reports and the exit code of it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "common/core/report.h"
#include "common/handoff/handoff.h"
#include "common/io/files.h"

namespace baton {

/// What a verb decided; the frame turns it into the record, the handoff, reports and the exit code.
struct StepResult {
  Verdict verdict = Verdict::unknown;
  /// Only where the verdict's own does not say enough (124, 130, 143, 3 of watch's manual rollback).
  std::optional<ExitCode> code = {};
  std::vector<Finding> findings = {};
  Json state = Json::object();  ///< the step's own, for the handoff
  std::vector<Evidence> evidence = {};
  std::vector<fs::path> artifacts = {};  ///< files in `dir` that this step wrote and answers for
  /// Folders that get a copy of our own handoff as it ends: an archive is to hold the last word.
  std::vector<Inside> archived_in = {};
  std::optional<Report> page = {};  ///< for people, where it is laid out otherwise than by outcome; as HTML
  std::string summary = {};         ///< stdout's record for people; several lines
  Json record = Json::object();     ///< members added to the JSON record
  std::optional<Time> run_again_at = {};
  std::string waiting_for = {};  ///< of `again` without a time: what a person has to do first
  std::optional<Time> expires_at = {};
  std::vector<std::string> recovery = {};  ///< the SOP's recovery steps, printed after a failure
};

}  // namespace baton
