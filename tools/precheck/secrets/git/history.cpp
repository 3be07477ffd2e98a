// Walks commits from the head, each against its parents; a blob is scanned once.
#include "tools/precheck/secrets/git/history.h"

#include <algorithm>
#include <unordered_set>
#include <vector>

#include "common/core/error.h"
#include "common/core/text.h"
#include "tools/precheck/secrets/git/objects.h"
#include "tools/precheck/secrets/git/tree_entries.h"
#include "tools/precheck/secrets/unpack/sink.h"

namespace baton::precheck::secrets {
namespace {

constexpr std::size_t kMaxCommits = 2'000'000;
constexpr std::size_t kShortName = 12;

using Names = std::unordered_set<std::string>;

class Walk {
 public:
  Walk(Scan& scan, const git::Repository& repository, const HistoryRange& range)
      : scan_(scan), range_(range), objects_(repository, range.head.size() / 2) {
    if (const auto text = read_file_if_exists(repository.shared / "shallow")) {
      for (const auto& line : split(*text, '\n')) {
        if (git::is_object_name(line)) shallow_.insert(name_of(line));
      }
    }
  }

  std::size_t run() {
    if (!range_.since.empty()) leave_out(name_of(range_.since));
    std::vector<std::string> open{name_of(range_.head)};
    std::size_t commits = 0;
    while (!open.empty()) {
      scan_.go_on();
      const auto name = std::move(open.back());
      open.pop_back();
      if (known_.contains(name) || !known_.insert(name).second) continue;
      const auto commit = read_commit(name);
      if (!commit) continue;
      if (is_full(name)) break;
      ++commits;
      look_at(name, *commit);
      open.insert(open.end(), commit->parents.begin(), commit->parents.end());
    }
    return commits;
  }

 private:
  std::string place_of(std::string_view name) const { return "commit " + hex_of(name).substr(0, kShortName); }

  /// The commit that is live and what came before it.
  void leave_out(const std::string& since) {
    std::vector<std::string> open{since};
    while (!open.empty() && known_.size() < kMaxCommits) {
      const auto name = std::move(open.back());
      open.pop_back();
      if (!known_.insert(name).second || shallow_.contains(name)) continue;
      const auto object = read(name, ObjectType::commit);
      if (!object && name == since) {
        known_.erase(name);
        scan_.coverage.unread("the commit that is live is not in this clone: fetch the whole history", place_of(name));
        return;
      }
      if (!object) continue;
      const auto commit = parse_commit(object->bytes);
      open.insert(open.end(), commit.parents.begin(), commit.parents.end());
    }
  }

  std::optional<Commit> read_commit(const std::string& name) {
    const auto object = read(name, ObjectType::commit);
    if (!object) {
      scan_.coverage.unread("it is not in this clone: fetch the whole history", place_of(name));
      return std::nullopt;
    }
    auto commit = parse_commit(object->bytes);
    if (shallow_.contains(name)) {
      scan_.coverage.unread("the clone is shallow: fetch the history before it", place_of(name));
      commit.parents.clear();
    }
    return commit;
  }

  bool is_full(const std::string& name) {
    if (read_bytes_ <= range_.most_bytes && known_.size() < kMaxCommits) return false;
    scan_.coverage.unread(
        "the history is larger than " + std::to_string(range_.most_bytes >> 20U) +
            " MiB: label images with org.opencontainers.image.revision, so that only what is new is read",
        place_of(name));
    return true;
  }

  /// Nothing: not there, or another type. What is damaged is noted.
  std::optional<Object> read(const std::string& name, ObjectType type) {
    try {
      auto object = objects_.read(name);
      if (object && object->type == type) {
        read_bytes_ += object->bytes.size();
        return object;
      }
    } catch (const Error& error) {
      if (error.code() == ExitCode::interrupted) throw;
      scan_.coverage.unread(error.what(), hex_of(name));
    }
    return std::nullopt;
  }

  void look_at(const std::string& name, const Commit& commit) {
    const auto place = place_of(name);
    scan_.scanner.scan(commit.text, place + " (message)", "");
    std::vector<std::string> before;
    for (const auto& parent : commit.parents) {
      if (const auto object = read(parent, ObjectType::commit)) before.push_back(parse_commit(object->bytes).tree);
    }
    compare(place, "", commit.tree, before, 0);
  }

  std::vector<TreeEntry> entries_of(const std::string& place, const std::string& tree) {
    const auto object = read(tree, ObjectType::tree);
    if (!object) {
      scan_.coverage.unread("a folder of it is not in this clone", place);
      return {};
    }
    return parse_tree(object->bytes, tree.size());
  }

  void compare(const std::string& place, const std::string& below, const std::string& tree,
               const std::vector<std::string>& before, int depth) {
    constexpr int kDeepest = 200;
    if (depth > kDeepest || std::ranges::find(before, tree) != before.end()) return;
    std::vector<std::vector<TreeEntry>> others;
    for (const auto& other : before) others.push_back(entries_of(place, other));
    for (const auto& entry : entries_of(place, tree)) {
      const auto path = below.empty() ? entry.name : below + "/" + entry.name;
      std::vector<std::string> same_path;
      bool is_known = false;
      for (const auto& other : others) {
        const auto* const at = find_entry(other, entry.name);
        if (at == nullptr) continue;
        is_known = is_known || at->object == entry.object;
        if (at->is_folder()) same_path.push_back(at->object);
      }
      if (is_known || entry.is_other_repository()) continue;
      if (entry.is_folder()) {
        compare(place, path, entry.object, same_path, depth + 1);
      } else {
        scan_blob(place + ":" + path, path, entry.object);
      }
    }
  }

  void scan_blob(const std::string& place, const std::string& path, const std::string& name) {
    scan_.go_on();
    if (read_bytes_ > range_.most_bytes || !blobs_.insert(name).second) return;
    try {
      Unpacking of{.scan = scan_};
      const auto sink = open_sink(of, place, path);
      const bool is_there = objects_.stream(name, [&](std::string_view piece) {
        read_bytes_ += piece.size();
        sink->take(piece);
      });
      sink->end();
      if (!is_there) scan_.coverage.unread("it is not in this clone", place);
    } catch (const Error& error) {
      if (error.code() == ExitCode::interrupted) throw;
      scan_.coverage.unread(error.what(), place);
    }
  }

  Scan& scan_;
  const HistoryRange& range_;
  Objects objects_;
  Names shallow_ = {};
  Names known_ = {};  ///< commits
  Names blobs_ = {};
  std::uint64_t read_bytes_ = 0;
};

}  // namespace

std::size_t scan_history(Scan& scan, const git::Repository& repository, const HistoryRange& range) {
  return Walk(scan, repository, range).run();
}

}  // namespace baton::precheck::secrets
