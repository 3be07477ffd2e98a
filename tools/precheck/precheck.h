// precheck: step 1 of the SOP. Decides whether a release may go to production.
#pragma once

#include <string>
#include <vector>

#include "common/step/env.h"

namespace baton::precheck {

struct Options {
  std::vector<std::string> only = {};  ///< check ids: a look at these alone, which opens nothing
  std::vector<std::string> skip = {};
  int jobs = 4;
  bool announce = false;                ///< tell the team first that the deployment is scheduled
  std::string account = {};             ///< of `role`: the ServiceAccount, "NAME" or "NAMESPACE/NAME"
  std::string live = {};                ///< of `role`: what serves before the first switch, "deployment/NAME"
  std::vector<std::string> steps = {};  ///< of `role`: these steps' part; none: all
  std::vector<std::string> arguments = {};
};

StepResult run(const Options& options, Env& env);
/// Every check: id, SOP heading, what this configuration asks for, severity, what it needs, what not knowing means.
StepResult list(Env& env);
/// One of them, with the SOP's recovery steps.
StepResult explain(const Options& options, Env& env);

}  // namespace baton::precheck
