// What a checkout's history says: its tags, the commits since one of them, what a path was at a commit.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/clients/git_files.h"

namespace baton::git {

struct Tag {
  std::string name;    ///< "v1.6.0"
  std::string commit;  ///< that it comes down to
};

struct Commit {
  std::string name;
  std::string tree;
  std::vector<std::string> parents = {};
  long long when = 0;  ///< seconds since 1970, the committer's
  std::string message = {};
  /// "feat(api)!: drop v1", or a line "BREAKING CHANGE: …" at its end: Conventional Commits 1.0.
  bool is_breaking() const;
  std::string subject() const;  ///< the message's first line
};

/// Throws Error{unknown} on what is no commit.
Commit parse_commit(std::string_view bytes, std::string name);

/// Those directly below refs/tags that name a commit; of an annotated one whose object is not there, nothing.
std::vector<Tag> commit_tags(const Repository& repository);

/// Those that `head` has and `base` has not. Throws Error{unknown} where the history ends before that is known, as in
/// a shallow clone, or is longer than 20,000 commits.
std::vector<Commit> commits_between(const Repository& repository, const std::string& base, const std::string& head);

/// The object's name that "docs/runbook.md", a file or a folder, has at the commit; nothing where it has no such path.
/// Throws Error{unknown} where the commit is not there.
std::optional<std::string> entry_at(const Repository& repository, const std::string& commit, std::string_view path);

}  // namespace baton::git
