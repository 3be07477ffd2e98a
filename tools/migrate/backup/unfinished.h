// A backup while it is being made: a file that only this run has, gone unless it gets its name.
#pragma once

#include <optional>

#include "common/io/files.h"

namespace baton::migrate {

class UnfinishedBackup {
 public:
  /// Makes "<destination>.partial", empty and readable by the owner only. Nothing when that file or `destination` is
  /// there already: it is another run's. Throws Error{stop}.
  static std::optional<UnfinishedBackup> claim(const fs::path& destination);
  /// Removes what a killed run left of this backup.
  static void remove_rest_of(const fs::path& destination);

  UnfinishedBackup(UnfinishedBackup&& other) noexcept;
  UnfinishedBackup& operator=(UnfinishedBackup&&) = delete;
  ~UnfinishedBackup();

  fs::path path() const;
  /// Gives it its name. Throws Error{stop} when a file of that name has come about meanwhile.
  void finish();

 private:
  explicit UnfinishedBackup(fs::path destination) : destination_(std::move(destination)) {}
  fs::path destination_;  ///< empty: nothing is left to remove
};

}  // namespace baton::migrate
