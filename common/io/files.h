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

namespace baton {

namespace fs = std::filesystem;
constexpr std::size_t kMaxFileBytes = 64U << 20U;

/// The whole file. Throws Error{unknown} "cannot read 'x': no such file" or when it is larger than `max` bytes (says
/// which cap).
std::string read_file(const fs::path& path, std::size_t max = kMaxFileBytes);
/// Nothing when there is no such file; any other trouble throws as read_file does.
std::optional<std::string> read_file_if_exists(const fs::path& path, std::size_t max = kMaxFileBytes);
/// Reads in pieces of at most 1 MiB, in order; for files that do not fit in memory.
void read_in_pieces(const fs::path& path, const std::function<void(std::string_view)>& take);
/// Temp file beside it, fsync, rename, fsync of the folder; makes missing folders. Throws Error{error}.
void write_file(const fs::path& path, std::string_view bytes, unsigned mode = 0644);
void append_file(const fs::path& path, std::string_view bytes);
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
  static std::optional<FileLock> try_lock(const fs::path& path);
  ~FileLock();
  FileLock(FileLock&& other) noexcept;
  FileLock& operator=(FileLock&& other) noexcept;

 private:
  explicit FileLock(int descriptor) : descriptor_(descriptor) {}
  int descriptor_ = -1;
};

}  // namespace baton
