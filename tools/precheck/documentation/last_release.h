// The release before this one, as the checkout's tags tell.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "common/clients/git_history.h"

namespace baton::precheck {

/// The newest tag below `release`: of those that are called stable ("v1.5.0-stable") if there are any, else of all
/// versions. Of a release that is no version, the newest of all. Nothing: there is none.
std::optional<git::Tag> last_stable(const std::vector<git::Tag>& tags, const std::string& release);
/// The newest tag below `release` of a final version, stable or not.
std::optional<git::Tag> last_version(const std::vector<git::Tag>& tags, const std::string& release);

}  // namespace baton::precheck
