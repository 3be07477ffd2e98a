// Own handoff, lock, folder.
#include "common/step/traces.h"

namespace baton {
namespace {

void put_back(const HandoffFolder& folder, const fs::path& file, const std::optional<std::string>& bytes) {
  if (bytes) return write_file(inside(folder.dir(), file), *bytes);
  std::error_code ignored;
  fs::remove(file, ignored);
}

}  // namespace

fs::path lock_file_of(const fs::path& dir, std::string_view step) { return dir / ("." + std::string(step) + ".lock"); }

Traces::Traces(const HandoffFolder& folder, std::string_view step)
    : folder_(folder), step_(step), lock_(lock_file_of(folder.dir(), step)) {
  std::error_code ignored;
  had_folder_ = fs::is_directory(folder.dir(), ignored);
  had_lock_ = fs::exists(fs::symlink_status(lock_, ignored));
}

void Traces::note_own() { own_ = folder_.previous_file(step_); }

void Traces::remove() const {
  put_back(folder_, folder_.file(step_), own_.bytes);
  put_back(folder_, folder_.bundle(step_), own_.bundle);
  std::error_code ignored;
  if (!had_lock_) fs::remove(lock_, ignored);
  if (!had_folder_) fs::remove(folder_.dir(), ignored);  // one that is not empty stays
}

}  // namespace baton
