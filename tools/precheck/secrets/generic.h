// Secrets that no issuer shaped: a name that says what it holds, an assignment, and a value that people did not make
// up.
#pragma once

#include <optional>
#include <string_view>

#include "tools/precheck/secrets/file_kind.h"
#include "tools/precheck/secrets/matcher.h"

namespace baton::precheck::secrets {

/// The rule that findings of it carry.
const Rule& generic_rule();
/// The value assigned to the name that holds the text of `size` bytes at `at`.
std::optional<Found> assigned_secret(std::string_view block, std::size_t at, std::size_t size, const FileKind& kind);

}  // namespace baton::precheck::secrets
