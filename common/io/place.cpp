// Folders opened name by name, files that are files.
#include "common/io/place.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

namespace baton {
namespace {

struct Reason {
  int number;
  std::string_view text;
  std::string_view hint;
};

constexpr std::string_view kNothingForeign = "Remove it: links, pipes and devices are not used here.";
constexpr auto kReasons = std::to_array<Reason>({
    {ENOENT, "no such file", "Check the path."},
    {EISDIR, "it is a folder", "Check the file's permissions and the disk."},
    {ELOOP, "it is a link", kNothingForeign},
    {ENXIO, "it is no regular file", kNothingForeign},
    {ENOTDIR, "on the way to it is a link or a file, not a folder", "Check the path."},
});

fs::path folder_of(const fs::path& path) { return path.has_parent_path() ? path.parent_path() : fs::path("."); }

void make_folder(const fs::path& folder) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (error) cannot(ExitCode::error, "make the folder", folder, error.value());
}

Descriptor open_folder(int from, const std::string& name, int links) {
  return Descriptor(::openat(from, name.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC | links));
}

/// What is there already is looked at when it is opened.
void make_below(const Descriptor& folder, const std::string& name, const fs::path& path) {
  if (::mkdirat(folder.number(), name.c_str(), 0777) != 0 && errno != EEXIST) {
    cannot(ExitCode::error, "make the folder", path, errno);
  }
}

}  // namespace

void cannot(ExitCode code, std::string_view verb, const fs::path& path, int number) {
  const auto reason = std::ranges::find(kReasons, number, &Reason::number);
  const bool is_known = reason != kReasons.end();
  throw Error(code,
              "cannot " + std::string(verb) + " '" + path.string() +
                  "': " + (is_known ? std::string(reason->text) : std::strerror(number)),
              std::string(is_known ? reason->hint : "Check the file's permissions and the disk."));
}

Place place_of(const fs::path& path, Absent absent) {
  if (absent == Absent::is_made) make_folder(folder_of(path));
  Place place{.folder = open_folder(AT_FDCWD, folder_of(path).string(), 0), .name = path.filename(), .path = path};
  if (place.name.empty()) place.name = ".";  // the root, and what ends with a slash: a folder
  if (!place.folder.is_open()) place.trouble = errno;
  return place;
}

Place place_of(const Inside& file, Absent absent) {
  Place place{.name = file.name.filename(), .path = file.path(), .links = O_NOFOLLOW};
  if (!stays_inside(file.name)) {
    throw Error(ExitCode::unknown, "cannot use '" + place.path.string() + "': the name leaves its folder",
                "Find out who wrote this name: no step of Baton does.");
  }
  if (absent == Absent::is_made) make_folder(file.folder);
  place.folder = open_folder(AT_FDCWD, file.folder.string(), 0);
  for (const fs::path& part : file.name.parent_path()) {
    if (!place.folder.is_open()) break;
    if (absent == Absent::is_made) make_below(place.folder, part, place.path.parent_path());
    place.folder = open_folder(place.folder.number(), part, O_NOFOLLOW);
  }
  if (!place.folder.is_open()) place.trouble = errno;
  return place;
}

Descriptor open_at(const Place& place, int flags, unsigned mode) {
  errno = place.trouble;
  if (!place.folder.is_open()) return {};
  // Whoever opens a pipe otherwise waits for its other end.
  Descriptor file(
      ::openat(place.folder.number(), place.name.c_str(), flags | place.links | O_NONBLOCK | O_CLOEXEC, mode));
  struct stat status {};
  if (!file.is_open() || ::fstat(file.number(), &status) != 0) return {};
  if (S_ISREG(status.st_mode)) return file;
  file.close();
  errno = S_ISDIR(status.st_mode) ? EISDIR : ENXIO;
  return file;
}

}  // namespace baton
