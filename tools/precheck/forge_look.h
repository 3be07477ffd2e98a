// The forge as checks ask it.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "common/clients/forge/forge.h"
#include "tools/precheck/check.h"
#include "tools/precheck/look.h"

namespace baton::precheck {

/// Throws Error{unknown} where the environment names no project of it.
std::unique_ptr<forge::Forge> forge_of(const Look& look, std::string_view kind);
/// The one that the job runs on, where it has a token that may ask, or `key` is configured, so that somebody wants to
/// know; nothing: nobody said where to look.
std::unique_ptr<forge::Forge> forge_around(const Look& look, std::string_view key);
/// What is said where there is none.
Observation no_forge();
/// The release's full hash. Throws Error{unknown} where neither the CI nor a checkout tells.
std::string release_commit(const Look& look);

}  // namespace baton::precheck
