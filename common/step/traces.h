// What a run leaves in the folder before its verb does anything, and how that goes away again.
#pragma once

#include <string>

#include "common/step/handoff_folder.h"

namespace baton {

/// Looks at the folder before it is made. A run that is refused for its flags or its configuration leaves nothing.
class Traces {
 public:
  Traces(const HandoffFolder& folder, std::string_view step);

  /// Under the lock: before it is held, another run may still write the step's own files.
  void note_own();
  /// Puts the step's own files back as they were noted; the lock must still be held.
  void remove() const;

 private:
  const HandoffFolder& folder_;
  std::string step_;
  fs::path lock_;
  bool had_folder_ = false;
  bool had_lock_ = false;
  PreviousFile own_ = {};
};

/// The file that keeps a second run of the step out.
fs::path lock_file_of(const fs::path& dir, std::string_view step);

}  // namespace baton
