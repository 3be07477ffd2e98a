// What every document of a deployment begins with.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "common/core/report.h"
#include "common/step/env.h"

namespace baton {

/// Who asked for this run: the CI's actor, else $USER; empty where neither is known.
std::string actor_of(const View& env);

/// Which version of what and where, the deployment's id, from when until when (nothing: not over), and by whom.
std::vector<ReportLine> head_of(const View& env, Time from, std::optional<Time> until);

}  // namespace baton
