// Whole files, atomic files, locks.
#include "common/io/files.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "common/core/digest.h"
#include "common/core/error.h"
#include "common/io/place.h"

namespace baton {
namespace {

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

/// A rename survives a power cut only once its folder was synced.
void sync_folder(const Place& place) {
  const Descriptor handle(::openat(place.folder.number(), ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (handle.is_open()) ::fsync(handle.number());
}

/// The half of a file until it is whole, held by one writer. What a killed writer of ours left is taken up: with names
/// of their own, such halves would pile up. Where anything else stands, a name that nobody can guess is used.
class Half {
 public:
  /// `mode` is what the whole file is to have.
  Half(const Place& whole, unsigned mode) : whole_(whole), mode_(mode), name_("." + whole.name + ".tmp") {
    if (take_up() || make()) return;
    name_ = "." + whole.name + "." + random_hex(4) + ".tmp";
    if (make()) return;
    const int trouble = errno;
    name_.clear();
    cannot(ExitCode::error, "write", whole.path, trouble);
  }
  ~Half() {
    if (!name_.empty()) ::unlinkat(whole_.folder.number(), name_.c_str(), 0);
  }
  Half(const Half&) = delete;
  Half& operator=(const Half&) = delete;

  const Descriptor& file() const { return file_; }
  bool finish() {
    // The umask may have taken bits away; what is asked for is what there is.
    if (::fchmod(file_.number(), mode_) != 0 || ::fsync(file_.number()) != 0) return false;
    const int folder = whole_.folder.number();
    if (::renameat(folder, name_.c_str(), folder, whole_.name.c_str()) != 0) return false;
    name_.clear();
    return true;
  }

 private:
  bool take_up() {
    Descriptor file(::openat(whole_.folder.number(), name_.c_str(), O_WRONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
    struct stat status {};
    if (!file.is_open() || ::fstat(file.number(), &status) != 0) return false;
    // One that was killed just before its renaming has its whole mode already; more than that is nobody's of ours.
    const bool is_closed = (status.st_mode & 077U & ~mode_) == 0;
    const bool is_ours = status.st_uid == ::geteuid() && status.st_nlink == 1 && is_closed;
    return S_ISREG(status.st_mode) && is_ours && hold(std::move(file)) && ::ftruncate(file_.number(), 0) == 0;
  }

  bool make() {
    constexpr int kNew = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;
    Descriptor file(::openat(whole_.folder.number(), name_.c_str(), kNew, S_IRUSR | S_IWUSR));
    return file.is_open() && hold(std::move(file));
  }

  /// Whoever held it before may have finished it: then it has its whole name by now.
  bool hold(Descriptor file) {
    struct stat open {};
    struct stat named {};
    if (::flock(file.number(), LOCK_EX | LOCK_NB) != 0 || ::fstat(file.number(), &open) != 0) return false;
    if (::fstatat(whole_.folder.number(), name_.c_str(), &named, AT_SYMLINK_NOFOLLOW) != 0) return false;
    if (open.st_dev != named.st_dev || open.st_ino != named.st_ino) return false;
    file_ = std::move(file);
    return true;
  }

  const Place& whole_;
  unsigned mode_;
  std::string name_;
  Descriptor file_;
};

std::string read_at(const Place& place, std::size_t max) {
  const Descriptor file = open_at(place, O_RDONLY);
  if (!file.is_open()) cannot(ExitCode::unknown, "read", place.path, errno);
  std::string bytes;
  std::string piece(64U << 10U, '\0');
  while (const std::size_t length = read_some(file, place.path, piece.data(), piece.size())) {
    bytes.append(piece, 0, length);
    if (bytes.size() > max) {
      throw Error(ExitCode::unknown,
                  "cannot read '" + place.path.string() + "': larger than the cap of " + std::to_string(max) + " bytes",
                  "Make the file smaller.");
    }
  }
  return bytes;
}

void write_at(const Place& place, std::string_view bytes, unsigned mode) {
  if (!place.folder.is_open()) cannot(ExitCode::error, "write", place.path, place.trouble);
  Half half(place, mode);
  write_all(half.file(), place.path, bytes);
  if (!half.finish()) cannot(ExitCode::error, "write", place.path, errno);
  sync_folder(place);
}

void append_at(const Place& place, std::string_view bytes) {
  const Descriptor file = open_at(place, O_WRONLY | O_CREAT | O_APPEND, 0644);
  if (!file.is_open()) cannot(ExitCode::error, "write", place.path, errno);
  write_all(file, place.path, bytes);
}

fs::path temp_base() {
  if (const char* chosen = std::getenv("TMPDIR"); chosen != nullptr && *chosen != '\0') return chosen;
  std::error_code error;
  auto base = fs::temp_directory_path(error);
  return error ? fs::path(".") : base;
}

}  // namespace

Inside inside(const fs::path& folder, const fs::path& path) { return {folder, path.lexically_relative(folder)}; }

bool stays_inside(const fs::path& name) {
  return name.is_relative() && name.has_filename() && name.native().find('\0') == std::string::npos &&
         std::ranges::none_of(name, [](const fs::path& part) { return part == ".."; });
}

std::string read_file(const fs::path& path, std::size_t max) { return read_at(place_of(path, Absent::stays), max); }

std::string read_file(const Inside& file, std::size_t max) { return read_at(place_of(file, Absent::stays), max); }

std::optional<std::string> read_file_if_exists(const fs::path& path, std::size_t max) {
  std::error_code error;
  if (fs::status(path, error).type() == fs::file_type::not_found) return std::nullopt;
  return read_file(path, max);
}

std::optional<std::string> read_file_if_exists(const Inside& file, std::size_t max) {
  const Place place = place_of(file, Absent::stays);
  struct stat status {};
  const bool is_absent =
      place.folder.is_open()
          ? ::fstatat(place.folder.number(), place.name.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0 && errno == ENOENT
          : place.trouble == ENOENT;
  if (is_absent) return std::nullopt;
  return read_at(place, max);
}

bool is_file(const Inside& file) {
  const Place place = place_of(file, Absent::stays);
  struct stat status {};
  if (!place.folder.is_open()) return false;
  return ::fstatat(place.folder.number(), place.name.c_str(), &status, AT_SYMLINK_NOFOLLOW) == 0 &&
         S_ISREG(status.st_mode);
}

void read_in_pieces(const fs::path& path, const std::function<void(std::string_view)>& take) {
  const Descriptor file = open_at(place_of(path, Absent::stays), O_RDONLY);
  if (!file.is_open()) cannot(ExitCode::unknown, "read", path, errno);
  std::string piece(1U << 20U, '\0');
  while (const std::size_t length = read_some(file, path, piece.data(), piece.size())) take({piece.data(), length});
}

void write_file(const fs::path& path, std::string_view bytes, unsigned mode) {
  write_at(place_of(path, Absent::is_made), bytes, mode);
}

void write_file(const Inside& file, std::string_view bytes, unsigned mode) {
  write_at(place_of(file, Absent::is_made), bytes, mode);
}

void append_file(const fs::path& path, std::string_view bytes) { append_at(place_of(path, Absent::is_made), bytes); }

void append_file(const Inside& file, std::string_view bytes) { append_at(place_of(file, Absent::is_made), bytes); }

void move_file(const Inside& from, const Inside& to) {
  const Place source = place_of(from, Absent::stays);
  if (!source.folder.is_open()) {
    if (source.trouble == ENOENT) return;
    cannot(ExitCode::error, "move", source.path, source.trouble);
  }
  struct stat status {};
  if (::fstatat(source.folder.number(), source.name.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0) return;
  const Place target = place_of(to, Absent::is_made);
  if (!target.folder.is_open()) cannot(ExitCode::error, "write", target.path, target.trouble);
  if (::renameat(source.folder.number(), source.name.c_str(), target.folder.number(), target.name.c_str()) != 0) {
    cannot(ExitCode::error, "move", source.path, errno);
  }
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

namespace {

bool is_still_there(const Descriptor& opened, const Place& place) {
  struct stat held {};
  struct stat named {};
  return ::fstat(opened.number(), &held) == 0 &&
         ::fstatat(place.folder.number(), place.name.c_str(), &named, AT_SYMLINK_NOFOLLOW) == 0 &&
         held.st_ino == named.st_ino && held.st_dev == named.st_dev;
}

}  // namespace

std::optional<FileLock> FileLock::try_lock(const Inside& file) {
  const Place place = place_of(file, Absent::is_made);
  while (true) {
    Descriptor opened = open_at(place, O_RDWR | O_CREAT, 0644);
    if (!opened.is_open()) cannot(ExitCode::error, "lock", place.path, errno);
    if (::flock(opened.number(), LOCK_EX | LOCK_NB) != 0) return std::nullopt;
    // The one before may have removed what we opened: then a third would lock another file of this name.
    if (is_still_there(opened, place)) return FileLock(std::move(opened));
  }
}

void FileLock::note(std::string_view text) const {
  // The lock is what counts: a disk that is full only keeps the second one from knowing the first.
  if (::ftruncate(file_.number(), 0) == 0) static_cast<void>(::pwrite(file_.number(), text.data(), text.size(), 0));
}

}  // namespace baton
