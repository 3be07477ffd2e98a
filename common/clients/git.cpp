// Finds the repository, its HEAD and what is named after that commit.
#include "common/clients/git.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>

#include "common/clients/git_files.h"
#include "common/core/text.h"

namespace baton::git {
namespace {

constexpr int kMaxHops = 5;  // HEAD to a branch; git itself follows as many

bool is_ours(const fs::path& path) {
  struct stat status {};
  const bool is_there = ::lstat(path.c_str(), &status) == 0;
  return is_there && status.st_uid == ::geteuid() && (S_ISDIR(status.st_mode) || S_ISREG(status.st_mode));
}

/// The folder from here up that holds a `.git` of any kind.
std::optional<fs::path> working_tree(fs::path folder) {
  for (std::error_code error; !folder.empty(); folder = folder.parent_path()) {
    if (fs::symlink_status(folder / ".git", error).type() != fs::file_type::not_found) return folder;
    if (folder == folder.parent_path()) break;
  }
  return std::nullopt;
}

/// What the file `name` of `folder` names, itself a folder of ours; `if_absent` when there is no such file.
std::optional<fs::path> named_folder(const fs::path& folder, const std::string& name, std::string_view label,
                                     const fs::path& if_absent) {
  const auto text = read_line(folder, name);
  if (!text) return if_absent;
  if (!text->starts_with(label)) return std::nullopt;
  fs::path named = (folder / text->substr(label.size())).lexically_normal();
  if (!named.has_filename()) named = named.parent_path();
  if (!fs::is_directory(fs::symlink_status(named)) || !is_ours(named)) return std::nullopt;
  return named;
}

std::optional<Repository> repository_of(const fs::path& tree) {
  const fs::path git = tree / ".git";
  if (!is_ours(tree) || !is_ours(git)) return std::nullopt;
  // A worktree and a submodule have a file in its place.
  auto own = fs::is_directory(git) ? git : named_folder(tree, ".git", "gitdir: ", {});
  if (!own || own->empty()) return std::nullopt;
  const auto shared = named_folder(*own, "commondir", "", *own);
  if (!shared) return std::nullopt;
  return Repository{.own = *own, .shared = *shared};
}

std::optional<Checkout> look_into(const Repository& repository) {
  const auto commit = head_commit(repository);
  if (!commit) return std::nullopt;
  Checkout checkout{.commit = *commit};
  const auto names = tags_of(repository, *commit);
  if (names.size() == 1) checkout.exact_tag = names.front();
  return checkout;
}

}  // namespace

std::optional<Repository> find_repository(const fs::path& folder) {
  try {
    const auto tree = working_tree(fs::absolute(folder).lexically_normal());
    return tree ? repository_of(*tree) : std::nullopt;
  } catch (const Error&) {
    return std::nullopt;
  } catch (const fs::filesystem_error&) {
    return std::nullopt;
  }
}

std::optional<std::string> head_commit(const Repository& repository) {
  auto text = read_line(repository.own, "HEAD");
  for (int hop = 0; text && hop < kMaxHops; ++hop) {
    if (is_object_name(*text)) return text;
    constexpr std::string_view kReference = "ref: ";
    if (!text->starts_with(kReference)) return std::nullopt;
    text = reference(repository, text->substr(kReference.size()));
  }
  return std::nullopt;
}

std::optional<Checkout> look(const fs::path& folder) {
  try {
    const auto tree = working_tree(folder);
    const auto repository = tree ? repository_of(*tree) : std::nullopt;
    return repository ? look_into(*repository) : std::nullopt;
  } catch (const Error&) {
    // What a repository has in place of a file is its own affair: it says nothing then.
    return std::nullopt;
  } catch (const fs::filesystem_error&) {
    return std::nullopt;
  }
}

std::optional<WorkingTree> working_tree_of(const fs::path& folder) {
  try {
    const auto tree = working_tree(fs::absolute(folder).lexically_normal());
    const auto repository = tree ? repository_of(*tree) : std::nullopt;
    if (!repository) return std::nullopt;
    return WorkingTree{.root = *tree, .repository = *repository};
  } catch (const Error&) {
    return std::nullopt;
  } catch (const fs::filesystem_error&) {
    return std::nullopt;
  }
}

}  // namespace baton::git
