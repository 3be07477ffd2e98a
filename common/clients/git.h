// What the checkout says of itself. Absence is an answer; nothing here fails because there is no repository.
#pragma once

#include <optional>
#include <string>

#include "common/clients/git_files.h"
#include "common/io/files.h"

namespace baton::git {

struct Checkout {
  std::string commit;
  std::optional<std::string> exact_tag;  ///< the only one on this commit; of several none is meant more than others
};
/// Read from the files of the nearest `.git` of `folder` or above; the git program is not run: what a repository
/// configures, it starts. Nothing when there is none, when it has no commit, when it or its folder is not ours, or when
/// links lead through it.
std::optional<Checkout> look(const fs::path& folder);
/// The repository whose working tree `folder` is in, on the same terms.
std::optional<Repository> find_repository(const fs::path& folder);
/// Of its HEAD, through the branch that HEAD names; nothing where there is none yet.
std::optional<std::string> head_commit(const Repository& repository);

/// The working tree that `folder` lies in, and its repository, for whoever reads more of it; likewise nothing.
struct WorkingTree {
  fs::path root;
  Repository repository;
};
std::optional<WorkingTree> working_tree_of(const fs::path& folder);

}  // namespace baton::git
