// What a deployment is called that nobody named yet.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "common/step/snapshot.h"

namespace baton {

/// "20261127170246-1a2b3c4d": in the order of time, and never twice.
std::string new_deployment_id(Time now);

/// The release of a standalone run that was given none, "adhoc-…". One that was begun and not ended in this folder is
/// gone on with, by `step`'s own file `own` or by an earlier step's; else it is a new one.
std::string adhoc_version(const std::optional<Handoff>& own, const Snapshot& found, std::string_view step, Time now);

}  // namespace baton
