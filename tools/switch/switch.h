// baton-switch: its options and its verbs.
#pragma once

#include <string>

#include "common/step/env.h"

namespace baton::cutover {

struct Options {
  bool retry_failed_digest = false;
  std::string until = {};
  std::string reason = {};
  std::string by = {};
};

/// The step: deploy, switch, prove, soak, keep or undo.
StepResult run(const Options& options, Env& env);
}  // namespace baton::cutover
