// Git's objects, loose and packed, read from their files; the git program is not run.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "common/clients/git_files.h"

namespace baton::git {

/// Larger ones are refused: commits, trees and tags are small.
inline constexpr std::size_t kMaxObjectBytes = 16U << 20U;

struct Object {
  std::string kind;  ///< "commit", "tree", "blob", "tag"
  std::string bytes;
};

/// Nothing where the repository has no such object, as a shallow clone has not what lies before it. Throws
/// Error{unknown} where its file cannot be read, is damaged, or the object is larger than kMaxObjectBytes.
std::optional<Object> find_object(const Repository& repository, const std::string& name);

/// What a delta makes of its base, as packs hold objects. Throws Error{unknown} on one that is none.
std::string apply_delta(std::string_view base, std::string_view delta);

}  // namespace baton::git
