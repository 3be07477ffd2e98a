// The files in which git keeps what its names stand for.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/core/error.h"
#include "common/io/files.h"

namespace baton::git {

struct Repository {
  fs::path own;     ///< of this working tree: HEAD
  fs::path shared;  ///< of all working trees: references and objects
};

/// 40 or 64 hexadecimal digits.
bool is_object_name(std::string_view text);
/// A short file without its line end; nothing when it is not there. Throws where read_file does.
std::optional<std::string> read_line(const fs::path& folder, const std::string& name);
/// What "refs/heads/main" holds: a commit or "ref: …".
std::optional<std::string> reference(const Repository& repository, const std::string& name);
/// What each tag directly below refs/tags holds, by name: a commit, or an annotated tag's own object.
std::map<std::string, std::string> tag_values(const Repository& repository);
/// The tags directly below refs/tags that name `commit`, also through a tag's own object where that is a loose one.
std::vector<std::string> tags_of(const Repository& repository, std::string_view commit);

}  // namespace baton::git
