// The files of a folder, ignored ones too: what git leaves out is still what a build copies.
#pragma once

#include <stop_token>
#include <string>
#include <vector>

#include "common/io/files.h"
#include "tools/precheck/secrets/coverage.h"
#include "tools/precheck/secrets/secret.h"

namespace baton::precheck::secrets {

struct Tree {
  std::vector<std::string> files = {};  ///< below the folder, by name
  std::size_t links = 0;                ///< not followed: what they name is in the tree, or not of it
  Coverage coverage = {};               ///< folders that could not be read
};

/// `.git` is left out: its objects are looked at by history.h. Throws Error{unknown} where there is no such folder.
Tree list_tree(const fs::path& folder, const std::stop_token& stop);
/// All files of a folder, or one file, by as many threads as there are processors, four at most.
Coverage scan_tree(const fs::path& path, Secrets& secrets, const std::stop_token& stop);

}  // namespace baton::precheck::secrets
