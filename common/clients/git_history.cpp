// Commits and trees.
#include "common/clients/git_history.h"

#include <algorithm>
#include <limits>
#include <map>
#include <queue>

#include "common/clients/git_objects.h"
#include "common/core/digest.h"
#include "common/core/error.h"
#include "common/core/text.h"

namespace baton::git {
namespace {

constexpr std::size_t kMostCommits = 20'000;

[[noreturn]] void shallow(const std::string& name) {
  throw Error(ExitCode::unknown, "git's object " + name.substr(0, 12) + " is not in this clone: its history is cut off",
              "Fetch the whole history with its tags: fetch-depth: 0 (GitHub), GIT_DEPTH: 0 (GitLab).");
}

Object needed(const Repository& repository, const std::string& name, std::string_view kind) {
  auto object = find_object(repository, name);
  if (!object) shallow(name);
  if (object->kind != kind)
    throw Error(ExitCode::unknown, "git's object " + name + " is no " + std::string(kind),
                "Fetch the repository again, with its history.");
  return std::move(*object);
}

Commit commit_named(const Repository& repository, const std::string& name) {
  return parse_commit(needed(repository, name, "commit").bytes, name);
}

/// What stands behind "parent " on a line of a commit's head; nothing on another line.
std::optional<std::string> value_of(std::string_view line, std::string_view key) {
  if (!line.starts_with(key)) return std::nullopt;
  return std::string(line.substr(key.size()));
}

/// "Name <mail> 1762264800 +0100".
long long seconds_of(const std::string& signature) {
  const auto words = split(signature, ' ');
  long long value = 0;
  if (words.size() < 2) return value;
  for (const char c : words[words.size() - 2]) {
    if (c < '0' || c > '9' || value > 100'000'000'000) return 0;
    value = value * 10 + (c - '0');
  }
  return value;
}

std::string commit_of(const Repository& repository, std::string name) {
  for (int hop = 0; hop < 5; ++hop) {
    const auto object = find_object(repository, name);
    if (!object) return "";
    if (object->kind == "commit") return name;
    if (object->kind != "tag" || !object->bytes.starts_with("object ")) return "";
    name = object->bytes.substr(7, object->bytes.find('\n') - 7);
  }
  return "";
}

/// Walks back from both ends, newest first; what `base` has is marked, and its parents with it.
class Walk {
 public:
  explicit Walk(const Repository& repository) : repository_(repository) {}

  void begin_at(const std::string& name, bool is_base) { add(name, is_base); }

  std::vector<Commit> between() {
    std::vector<std::string> found;
    while (open_ > 0 || may_still_mark()) {
      const auto [when, name] = queue_.top();
      queue_.pop();
      auto& seen = seen_.at(name);
      if (!seen.is_base) --open_;
      seen.is_done = true;
      if (!seen.is_base) {
        found.push_back(name);
        oldest_found_ = std::min(oldest_found_, when);
      }
      const bool is_base = seen.is_base;
      for (const auto& parent : std::vector(seen.commit.parents)) add(parent, is_base);
    }
    std::vector<Commit> all;
    for (const auto& name : found) {
      if (!seen_.at(name).is_base) all.push_back(std::move(seen_.at(name).commit));
    }
    return all;
  }

 private:
  struct Seen {
    Commit commit = {};
    bool is_base = false;
    bool is_done = false;
  };

  /// What is left is of `base` and no older than what was found: that may be among its ancestors.
  bool may_still_mark() const { return !queue_.empty() && queue_.top().first >= oldest_found_; }

  void add(const std::string& name, bool is_base) {
    if (const auto known = seen_.find(name); known != seen_.end()) {
      if (is_base) mark(name);
      return;
    }
    if (seen_.size() >= kMostCommits)
      throw Error(ExitCode::unknown, "more than " + std::to_string(kMostCommits) + " commits lie between",
                  "Look whether the tag of the last release is the right one.");
    auto commit = commit_named(repository_, name);
    queue_.emplace(commit.when, name);
    seen_[name] = {.commit = std::move(commit), .is_base = is_base};
    if (!is_base) ++open_;
  }

  /// Clocks of committers differ: a commit may turn out late to be one of `base`.
  void mark(const std::string& name) {
    std::vector<std::string> left = {name};
    while (!left.empty()) {
      const auto at = seen_.find(left.back());
      left.pop_back();
      if (at == seen_.end() || at->second.is_base) continue;
      at->second.is_base = true;
      if (!at->second.is_done) --open_;
      left.insert(left.end(), at->second.commit.parents.begin(), at->second.commit.parents.end());
    }
  }

  const Repository& repository_;
  std::map<std::string, Seen, std::less<>> seen_ = {};
  std::priority_queue<std::pair<long long, std::string>> queue_ = {};
  std::size_t open_ = 0;  ///< queued and not known to be of `base`
  long long oldest_found_ = std::numeric_limits<long long>::max();
};

/// "100644 name", a zero, and the object's name in bytes.
std::optional<std::string> entry_of(std::string_view tree, std::string_view wanted, std::size_t id_bytes) {
  while (!tree.empty()) {
    const auto blank = tree.find(' ');
    const auto end = tree.find('\0');
    if (end == std::string_view::npos || blank > end || tree.size() - end - 1 < id_bytes) break;
    if (tree.substr(blank + 1, end - blank - 1) == wanted) return to_hex(tree.substr(end + 1, id_bytes));
    tree.remove_prefix(end + 1 + id_bytes);
  }
  return std::nullopt;
}

}  // namespace

std::string Commit::subject() const { return message.substr(0, message.find('\n')); }

bool Commit::is_breaking() const {
  const auto first = subject();
  const auto colon = first.find(": ");
  // A type is one word, a scope in brackets behind it.
  const bool is_typed = colon != std::string::npos && first.find(' ') >= std::min(colon, first.find('('));
  if (is_typed && colon > 0 && first[colon - 1] == '!') return true;
  return std::ranges::any_of(split(message, '\n'), [](const std::string& line) {
    return line.starts_with("BREAKING CHANGE: ") || line.starts_with("BREAKING-CHANGE: ");
  });
}

Commit parse_commit(std::string_view bytes, std::string name) {
  Commit commit{.name = std::move(name), .tree = {}};
  const auto end = bytes.find("\n\n");
  for (const auto& line : split(bytes.substr(0, end), '\n')) {
    if (auto tree = value_of(line, "tree ")) commit.tree = *tree;
    if (auto parent = value_of(line, "parent ")) commit.parents.push_back(*parent);
    if (auto committer = value_of(line, "committer ")) commit.when = seconds_of(*committer);
  }
  const bool are_names = is_object_name(commit.tree) &&
                         std::ranges::all_of(commit.parents, [](const auto& p) { return is_object_name(p); });
  if (!are_names)
    throw Error(ExitCode::unknown, "git's object " + commit.name + " is no commit",
                "Fetch the repository again, with its history.");
  if (end != std::string_view::npos) commit.message = bytes.substr(end + 2);
  return commit;
}

std::vector<Tag> commit_tags(const Repository& repository) {
  std::vector<Tag> tags;
  for (const auto& [name, value] : tag_values(repository)) {
    if (!is_object_name(value)) continue;
    if (auto commit = commit_of(repository, value); !commit.empty()) tags.push_back({.name = name, .commit = commit});
  }
  return tags;
}

std::vector<Commit> commits_between(const Repository& repository, const std::string& base, const std::string& head) {
  Walk walk(repository);
  walk.begin_at(base, /*is_base=*/true);
  if (head != base) walk.begin_at(head, /*is_base=*/false);
  return walk.between();
}

std::optional<std::string> entry_at(const Repository& repository, const std::string& commit, std::string_view path) {
  auto name = commit_named(repository, commit).tree;
  for (const auto& part : split(path, '/')) {
    if (part.empty() || part == ".") continue;
    const auto tree = find_object(repository, name);
    if (!tree) shallow(name);
    if (tree->kind != "tree") return std::nullopt;
    auto entry = entry_of(tree->bytes, part, name.size() / 2);
    if (!entry) return std::nullopt;
    name = std::move(*entry);
  }
  return name;
}

}  // namespace baton::git
