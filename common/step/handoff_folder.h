// The folder of one deployment's handoffs: names, reading, attempts kept, older deployments moved away.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "common/handoff/chain.h"
#include "common/handoff/handoff.h"
#include "common/io/files.h"

namespace baton {

class HandoffFolder {
 public:
  explicit HandoffFolder(fs::path dir) : dir_(std::move(dir)) {}

  const fs::path& dir() const { return dir_; }
  fs::path file(std::string_view step) const;    ///< <dir>/<step>.json
  fs::path bundle(std::string_view step) const;  ///< <dir>/<step>.sigstore.json
  bool has(std::string_view step) const;
  /// Whether a step after this one has left its file.
  bool has_later_than(std::string_view step) const;
  /// Nothing when there is no file; Error{handoff} when it cannot be read as that step's.
  std::optional<Handoff> read(std::string_view step) const;
  /// As the chain reads it.
  PreviousFile previous_file(std::string_view step) const;
  /// Copies the step's file to <step>.<n>.json, n from 1, unless the newest copy is already the same.
  void keep_attempt(std::string_view step) const;
  /// Moves all that belongs to other deployments than `id` into folders named after their ids. Can be repeated after a
  /// kill.
  void move_others_away(const std::string& id) const;

 private:
  void move_into(const fs::path& folder, const std::string& name) const;
  void move_deployment(const Handoff& handoff) const;
  void move_shared(const std::string& id) const;

  fs::path dir_;
};

}  // namespace baton
