// Whole files, atomic files, locks.
#include "common/io/files.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "common/core/digest.h"
#include "common/core/error.h"
#include "common/io/descriptor.h"

namespace baton {
namespace {

std::string reason(int number) {
  switch (number) {
    case ENOENT:
      return "no such file";
    case EISDIR:
      return "it is a folder";
    default:
      return std::strerror(number);
  }
}

[[noreturn]] void cannot(ExitCode code, std::string_view verb, const fs::path& path, int number) {
  throw Error(code, "cannot " + std::string(verb) + " '" + path.string() + "': " + reason(number),
              number == ENOENT ? "Check the path." : "Check the file's permissions and the disk.");
}

Descriptor open_to_read(const fs::path& path) {
  Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file.is_open()) cannot(ExitCode::unknown, "read", path, errno);
  return file;
}

std::size_t read_some(const Descriptor& file, const fs::path& path, char* to, std::size_t size) {
  while (true) {
    const ssize_t length = ::read(file.number(), to, size);
    if (length >= 0) return static_cast<std::size_t>(length);
    if (errno != EINTR) cannot(ExitCode::unknown, "read", path, errno);
  }
}

void write_all(const Descriptor& file, const fs::path& path, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t length = ::write(file.number(), bytes.data(), bytes.size());
    if (length >= 0) {
      bytes.remove_prefix(static_cast<std::size_t>(length));
    } else if (errno != EINTR) {
      cannot(ExitCode::error, "write", path, errno);
    }
  }
}

fs::path folder_of(const fs::path& path) { return path.has_parent_path() ? path.parent_path() : fs::path("."); }

void make_folder(const fs::path& folder) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (error) cannot(ExitCode::error, "make the folder", folder, error.value());
}

/// A rename survives a power cut only once its folder was synced.
void sync_folder(const fs::path& folder) {
  const Descriptor handle(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (handle.is_open()) ::fsync(handle.number());
}

bool is_named(const Descriptor& file, const fs::path& path) {
  struct stat open {};
  struct stat named {};
  return ::fstat(file.number(), &open) == 0 && ::lstat(path.c_str(), &named) == 0 && open.st_dev == named.st_dev &&
         open.st_ino == named.st_ino;
}

/// The half of a file until it is whole, held by one writer at a time. What a killed writer left is taken up: with a
/// name of its own each, such halves would pile up.
class Half {
 public:
  Half(const fs::path& whole, unsigned mode) : path_(folder_of(whole) / ("." + whole.filename().string() + ".tmp")) {
    do {
      file_ = Descriptor(::open(path_.c_str(), O_WRONLY | O_CREAT | O_NOFOLLOW | O_CLOEXEC, mode));
      if (!file_.is_open()) cannot(ExitCode::error, "write", whole, errno);
      hold(whole);
      // Whoever held it before may have finished it: then it has its whole name by now.
    } while (!is_named(file_, path_));
  }
  ~Half() {
    if (!path_.empty()) ::unlink(path_.c_str());
  }
  Half(const Half&) = delete;
  Half& operator=(const Half&) = delete;

  const Descriptor& file() const { return file_; }
  bool finish(const fs::path& whole) {
    if (::rename(path_.c_str(), whole.c_str()) != 0) return false;
    path_.clear();
    return true;
  }

 private:
  void hold(const fs::path& whole) const {
    while (::flock(file_.number(), LOCK_EX) != 0) {
      if (errno != EINTR) cannot(ExitCode::error, "write", whole, errno);
    }
  }

  fs::path path_;
  Descriptor file_;
};

fs::path temp_base() {
  if (const char* chosen = std::getenv("TMPDIR"); chosen != nullptr && *chosen != '\0') return chosen;
  std::error_code error;
  auto base = fs::temp_directory_path(error);
  return error ? fs::path(".") : base;
}

}  // namespace

std::string read_file(const fs::path& path, std::size_t max) {
  const Descriptor file = open_to_read(path);
  std::string bytes;
  std::string piece(64U << 10U, '\0');
  while (const std::size_t length = read_some(file, path, piece.data(), piece.size())) {
    bytes.append(piece, 0, length);
    if (bytes.size() > max) {
      throw Error(ExitCode::unknown,
                  "cannot read '" + path.string() + "': larger than the cap of " + std::to_string(max) + " bytes",
                  "Make the file smaller.");
    }
  }
  return bytes;
}

std::optional<std::string> read_file_if_exists(const fs::path& path, std::size_t max) {
  std::error_code error;
  if (fs::status(path, error).type() == fs::file_type::not_found) return std::nullopt;
  return read_file(path, max);
}

void read_in_pieces(const fs::path& path, const std::function<void(std::string_view)>& take) {
  const Descriptor file = open_to_read(path);
  std::string piece(1U << 20U, '\0');
  while (const std::size_t length = read_some(file, path, piece.data(), piece.size())) take({piece.data(), length});
}

void write_file(const fs::path& path, std::string_view bytes, unsigned mode) {
  const auto folder = folder_of(path);
  make_folder(folder);
  Half half(path, mode);
  const Descriptor& file = half.file();
  // The umask may have taken bits away, a killed writer may have asked for others; what is asked for is what there is.
  if (::fchmod(file.number(), mode) != 0 || ::ftruncate(file.number(), 0) != 0) {
    cannot(ExitCode::error, "write", path, errno);
  }
  write_all(file, path, bytes);
  if (::fsync(file.number()) != 0 || !half.finish(path)) cannot(ExitCode::error, "write", path, errno);
  sync_folder(folder);
}

void append_file(const fs::path& path, std::string_view bytes) {
  make_folder(folder_of(path));
  const Descriptor file(::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644));
  if (!file.is_open()) cannot(ExitCode::error, "write", path, errno);
  write_all(file, path, bytes);
}

Time modified_at(const fs::path& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) cannot(ExitCode::unknown, "read", path, errno);
  return Time(std::chrono::seconds(status.st_mtim.tv_sec) +
              std::chrono::milliseconds(status.st_mtim.tv_nsec / 1'000'000));
}

TempFolder::TempFolder() : path_(temp_base() / ("baton-" + random_hex(8))) {
  // Nobody else's from its first moment on.
  if (::mkdir(path_.c_str(), S_IRWXU) != 0) cannot(ExitCode::error, "make the folder", path_, errno);
}

TempFolder::~TempFolder() {
  std::error_code ignored;
  fs::remove_all(path_, ignored);
}

std::optional<FileLock> FileLock::try_lock(const fs::path& path) {
  make_folder(folder_of(path));
  const int descriptor = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
  if (descriptor < 0) cannot(ExitCode::error, "lock", path, errno);
  FileLock lock(descriptor);
  if (::flock(descriptor, LOCK_EX | LOCK_NB) == 0) return lock;
  return std::nullopt;
}

FileLock::~FileLock() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

FileLock::FileLock(FileLock&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}

FileLock& FileLock::operator=(FileLock&& other) noexcept {
  std::swap(descriptor_, other.descriptor_);
  return *this;
}

}  // namespace baton
