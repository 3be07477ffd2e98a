// `baton-precheck role`: the Role and ClusterRole that the configured pipeline needs, and their bindings.
#pragma once

#include "tools/precheck/precheck.h"

namespace baton::precheck {

/// As YAML with a comment a rule, or as a List. No cluster is asked.
StepResult role(const Options& options, Env& env);

}  // namespace baton::precheck
