// Lists first, reads then: so that threads have something to share.
#include "tools/precheck/secrets/tree.h"

#include <dirent.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <memory>
#include <mutex>
#include <thread>

#include "common/core/error.h"
#include "common/io/descriptor.h"
#include "common/io/in_parallel.h"
#include "tools/precheck/secrets/unpack/sink.h"

namespace baton::precheck::secrets {
namespace {

constexpr std::size_t kPiece = 1U << 20U;
constexpr std::size_t kDeepest = 200;

std::string cause() { return std::strerror(errno); }

/// A folder's names, read through its descriptor: a link in its place leads nowhere.
class Lister {
 public:
  Lister(const fs::path& root, Tree& tree, const std::stop_token& stop) : root_(root), tree_(tree), stop_(stop) {}

  void list(int parent, const char* name, const std::string& below, std::size_t depth) {
    if (stop_.stop_requested()) throw Error(ExitCode::interrupted, "the scan for secrets was interrupted");
    const int flags = O_RDONLY | O_DIRECTORY | O_CLOEXEC | (depth > 0 ? O_NOFOLLOW : 0);
    const int number = ::openat(parent, name, flags);
    DIR* const opened = number < 0 ? nullptr : ::fdopendir(number);
    if (opened == nullptr) {
      if (depth == 0)
        throw Error(ExitCode::unknown, fmt::format("cannot read the folder '{}': {}", root_.string(), cause()),
                    "Correct precheck.security.secrets.");
      tree_.coverage.unread("the folder cannot be read: " + cause(), (root_ / below).string());
      return;
    }
    const std::unique_ptr<DIR, int (*)(DIR*)> folder(opened, ::closedir);
    while (const auto* entry = ::readdir(opened)) add(number, *entry, below, depth);
  }

 private:
  void add(int folder, const dirent& entry, const std::string& below, std::size_t depth) {
    const std::string name(static_cast<const char*>(entry.d_name));
    if (name == "." || name == "..") return;
    const auto path = below.empty() ? name : below + "/" + name;
    const auto type = type_of(folder, entry);
    if (name == ".git" && type != DT_LNK) {
      if (depth > 0 && type == DT_DIR)
        tree_.coverage.unread("it is the history of another repository", (root_ / path).string());
    } else if (type == DT_LNK) {
      ++tree_.links;
    } else if (type == DT_REG) {
      tree_.files.push_back(path);
    } else if (type == DT_DIR && depth < kDeepest) {
      list(folder, name.c_str(), path, depth + 1);
    } else if (type == DT_DIR) {
      tree_.coverage.unread("folders are too deep in folders", (root_ / path).string());
    }
  }

  static unsigned char type_of(int folder, const dirent& entry) {
    if (entry.d_type != DT_UNKNOWN) return entry.d_type;
    struct stat status {};
    if (::fstatat(folder, static_cast<const char*>(entry.d_name), &status, AT_SYMLINK_NOFOLLOW) != 0) return DT_UNKNOWN;
    if (S_ISLNK(status.st_mode)) return DT_LNK;
    if (S_ISDIR(status.st_mode)) return DT_DIR;
    return S_ISREG(status.st_mode) ? DT_REG : DT_UNKNOWN;
  }

  const fs::path& root_;
  Tree& tree_;
  const std::stop_token& stop_;
};

/// Files of one thread, through one buffer.
class Reader {
 public:
  Reader(const fs::path& root, Secrets& secrets, const std::stop_token& stop)
      : root_(root), scan_(secrets, stop), buffer_(kPiece, '\0') {}

  void read(const std::string& below) {
    scan_.go_on();
    const auto path = below.empty() ? root_ : root_ / below;
    const auto place = path.lexically_normal().string();
    const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
    struct stat status {};
    if (!file.is_open() || ::fstat(file.number(), &status) != 0 || !S_ISREG(status.st_mode)) {
      scan_.coverage.unread("it cannot be read: " + (file.is_open() ? std::string("it is no file") : cause()), place);
      return;
    }
    const auto got = fill(file, place);
    if (!got) return;
    if (*got < buffer_.size()) {
      scan_file(scan_, std::string_view(buffer_).substr(0, *got), place, place);
    } else {
      stream(file, place);
    }
  }

  const Coverage& coverage() const { return scan_.coverage; }

 private:
  /// As much as fits; nothing when reading failed, which is noted.
  std::optional<std::size_t> fill(const Descriptor& file, const std::string& place) {
    std::size_t size = 0;
    while (size < buffer_.size()) {
      const auto got = ::read(file.number(), buffer_.data() + size, buffer_.size() - size);
      if (got < 0 && errno == EINTR) continue;
      if (got < 0) {
        scan_.coverage.unread("it cannot be read: " + cause(), place);
        return std::nullopt;
      }
      if (got == 0) break;
      size += static_cast<std::size_t>(got);
    }
    return size;
  }

  void stream(const Descriptor& file, const std::string& place) {
    Unpacking of{.scan = scan_};
    const auto sink = open_sink(of, place, place);
    sink->take(buffer_);
    while (const auto got = fill(file, place)) {
      scan_.go_on();
      if (*got == 0) break;
      sink->take(std::string_view(buffer_).substr(0, *got));
    }
    sink->end();
  }

  const fs::path& root_;
  Scan scan_;
  std::string buffer_;
};

}  // namespace

Tree list_tree(const fs::path& folder, const std::stop_token& stop) {
  Tree tree;
  Lister(folder, tree, stop).list(AT_FDCWD, folder.c_str(), "", 0);
  std::ranges::sort(tree.files);
  return tree;
}

Coverage scan_tree(const fs::path& path, Secrets& secrets, const std::stop_token& stop) {
  std::error_code trouble;
  Tree tree;
  if (fs::is_regular_file(path, trouble)) {
    tree.files = {""};
  } else {
    tree = list_tree(path, stop);
  }
  constexpr std::size_t kMostWorkers = 4;
  constexpr std::size_t kFilesAWorker = 64;  // fewer are read sooner than another engine is made
  const auto workers =
      std::clamp<std::size_t>(tree.files.size() / kFilesAWorker, 1,
                              std::clamp<std::size_t>(std::thread::hardware_concurrency(), 1, kMostWorkers));
  std::atomic<std::size_t> next = 0;
  std::mutex mutex;
  in_parallel(workers, workers, [&](std::size_t) {
    Reader reader(path, secrets, stop);
    for (auto i = next++; i < tree.files.size(); i = next++) reader.read(tree.files[i]);
    const std::scoped_lock lock(mutex);
    tree.coverage.add(reader.coverage());
  });
  return tree.coverage;
}

}  // namespace baton::precheck::secrets
