// The handoff folder as it stood when the run began: read once, parsed when asked for.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/step/handoff_folder.h"

namespace baton {

class Snapshot {
 public:
  explicit Snapshot(const HandoffFolder& folder);

  /// As though the folder held these and no others: bytes by name, "switch.json" and "switch.sigstore.json".
  void lay(const std::map<std::string, std::string, std::less<>>& files);
  bool has(std::string_view step) const { return file(step).bytes.has_value(); }
  /// Whether a step after this one has left its file.
  bool has_later_than(std::string_view step) const;
  /// The last step before this one that left a file; empty when none did.
  std::string last_before(std::string_view step) const;
  /// As the chain reads it.
  const PreviousFile& file(std::string_view step) const { return files_.find(step)->second; }
  /// Nothing when there is no file; Error{handoff} when it cannot be read as that step's.
  std::optional<Handoff> handoff(std::string_view step) const;
  /// All that are there, in the steps' order.
  std::vector<Handoff> handoffs() const;
  /// SHA-256 of the file's bytes; empty when there is none.
  std::string digest(std::string_view step) const;

 private:
  std::map<std::string, PreviousFile, std::less<>> files_;  ///< by step, all five
};

}  // namespace baton
