// Files that are either whole or not there.
#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/core/time.h"
#include "common/io/descriptor.h"

namespace baton {

namespace fs = std::filesystem;
constexpr std::size_t kMaxFileBytes = 64U << 20U;

/// A file in a folder that others may have filled. The folder is the operator's choice; below it no link is followed.
struct Inside {
  fs::path folder;
  fs::path name;

  fs::path path() const { return folder / name; }
};
/// `path`, which names a file below `folder`.
Inside inside(const fs::path& folder, const fs::path& path);
/// Whether a name that may come from anyone is relative and never goes up.
bool stays_inside(const fs::path& name);

/// The whole file. Throws Error{unknown} "cannot read 'x': no such file" or when it is larger than `max` bytes (says
/// which cap). Here and below: pipes, sockets and devices are refused, never waited for.
std::string read_file(const fs::path& path, std::size_t max = kMaxFileBytes);
std::string read_file(const Inside& file, std::size_t max = kMaxFileBytes);
/// Nothing when there is no such file; any other trouble throws as read_file does.
std::optional<std::string> read_file_if_exists(const fs::path& path, std::size_t max = kMaxFileBytes);
std::optional<std::string> read_file_if_exists(const Inside& file, std::size_t max = kMaxFileBytes);
/// A regular file that no link leads to.
bool is_file(const Inside& file);
/// Reads in pieces of at most 1 MiB, in order; for files that do not fit in memory.
void read_in_pieces(const fs::path& path, const std::function<void(std::string_view)>& take);
/// Temp file beside it, fsync, rename, fsync of the folder; makes missing folders. What stood there is replaced, be it
/// a link. Throws Error{error}.
void write_file(const fs::path& path, std::string_view bytes, unsigned mode = 0644);
void write_file(const Inside& file, std::string_view bytes, unsigned mode = 0644);
void append_file(const fs::path& path, std::string_view bytes);
void append_file(const Inside& file, std::string_view bytes);
/// Moves what has this name, whatever it is; makes missing folders. Nothing when there is no such name.
void move_file(const Inside& from, const Inside& to);
Time modified_at(const fs::path& path);

/// A folder of its own that goes with the object. `TMPDIR`, else the system's, else the working folder.
class TempFolder {
 public:
  TempFolder();
  ~TempFolder();
  TempFolder(const TempFolder&) = delete;
  TempFolder& operator=(const TempFolder&) = delete;
  const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

/// An exclusive advisory lock (flock) held while the object lives; a killed process leaves none behind.
class FileLock {
 public:
  /// Nothing when another process holds it.
  static std::optional<FileLock> try_lock(const Inside& file);
  /// Writes into the lock's file, in place: a rename would give its name to another file than the locked one.
  void note(std::string_view text) const;

 private:
  explicit FileLock(Descriptor file) : file_(std::move(file)) {}
  Descriptor file_;
};

}  // namespace baton
