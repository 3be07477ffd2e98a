// Opened exclusively, named without replacing anything, removed with all that SQLite keeps beside it.
#include "tools/migrate/backup/unfinished.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <system_error>
#include <utility>

#include "common/core/error.h"
#include "common/core/printable.h"

namespace baton::migrate {
namespace {

constexpr mode_t kOwnerOnly = 0600;
constexpr std::string_view kPartial = ".partial";
constexpr std::array<std::string_view, 4> kBeside = {"", "-journal", "-wal", "-shm"};

Error refused(const fs::path& path, int code) {
  return {ExitCode::stop,
          "cannot make the backup '" + printable(path.string()) + "': " + std::generic_category().message(code),
          "Correct migrate.backup_dir, or who may write there; nothing was migrated."};
}

fs::path partial_of(const fs::path& destination) { return destination.string() + std::string(kPartial); }

/// A link is made only where nothing stands; what has no links (some network and FAT folders) is asked first.
void give_name(const fs::path& partial, const fs::path& destination) {
  if (::link(partial.c_str(), destination.c_str()) == 0) {
    ::unlink(partial.c_str());
    return;
  }
  const int code = errno;
  if (code == EEXIST) throw refused(destination, code);
  std::error_code failed;
  if (fs::exists(destination, failed)) throw refused(destination, EEXIST);
  fs::rename(partial, destination, failed);
  if (failed) throw refused(destination, failed.value());
}

}  // namespace

std::optional<UnfinishedBackup> UnfinishedBackup::claim(const fs::path& destination) {
  std::error_code ignored;
  if (fs::exists(fs::symlink_status(destination, ignored))) return std::nullopt;
  const fs::path partial = partial_of(destination);
  const int file = ::open(partial.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, kOwnerOnly);
  if (file < 0 && errno == EEXIST) return std::nullopt;
  if (file < 0) throw refused(partial, errno);
  ::close(file);
  return UnfinishedBackup(destination);
}

void UnfinishedBackup::remove_rest_of(const fs::path& destination) {
  std::error_code ignored;
  for (const auto ending : kBeside) fs::remove(partial_of(destination).string() + std::string(ending), ignored);
}

UnfinishedBackup::UnfinishedBackup(UnfinishedBackup&& other) noexcept
    : destination_(std::exchange(other.destination_, {})) {}

UnfinishedBackup::~UnfinishedBackup() {
  if (!destination_.empty()) remove_rest_of(destination_);
}

fs::path UnfinishedBackup::path() const { return partial_of(destination_); }

void UnfinishedBackup::finish() {
  give_name(path(), destination_);
  destination_.clear();
}

}  // namespace baton::migrate
