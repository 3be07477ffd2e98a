// Where a file stands: the folder that holds it, open, and its name in there.
#pragma once

#include <string_view>

#include "common/core/error.h"
#include "common/io/descriptor.h"
#include "common/io/files.h"

namespace baton {

enum class Absent { stays, is_made };  ///< a folder on the way to a file

/// What is done to `name` is done in `folder`, whatever becomes of the path meanwhile.
struct Place {
  Descriptor folder;  ///< not open when it could not be
  std::string name;
  fs::path path;    ///< for messages
  int links = 0;    ///< O_NOFOLLOW: the file may be no link
  int trouble = 0;  ///< why the folder is not open
};

/// Links are followed. Throws Error{error} when a missing folder cannot be made.
Place place_of(const fs::path& path, Absent absent);
/// Below `file.folder` no link is followed. Throws Error{unknown} when the name leaves it.
Place place_of(const Inside& file, Absent absent);

/// The regular file at a place, opened without waiting for anybody; anything else is not open, with errno.
Descriptor open_at(const Place& place, int flags, unsigned mode = 0);

[[noreturn]] void cannot(ExitCode code, std::string_view verb, const fs::path& path, int number);

}  // namespace baton
