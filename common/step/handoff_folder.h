// The folder of one deployment's handoffs: names, reading, attempts kept, older deployments moved away.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/handoff/chain.h"
#include "common/handoff/handoff.h"
#include "common/io/files.h"

namespace baton {

class HandoffFolder {
 public:
  explicit HandoffFolder(fs::path dir) : dir_(std::move(dir)) {}

  const fs::path& dir() const { return dir_; }
  /// Makes it where it is missing. Throws Error{usage} when something else has its name.
  void make() const;
  fs::path file(std::string_view step) const;    ///< <dir>/<step>.json
  fs::path bundle(std::string_view step) const;  ///< <dir>/<step>.sigstore.json
  /// As the chain reads it.
  PreviousFile previous_file(std::string_view step) const;
  /// Keeps the step's file as <step>.<n>.json, n from 1, unless the newest copy is already the same.
  void keep_attempt(std::string_view step, const std::string& bytes) const;
  /// The step's file counts no longer: it is kept as an attempt, and goes with what vouches for it.
  void withdraw(std::string_view step) const;
  /// Of the `handoffs` in the folder, moves all that belongs to other deployments than `id` into folders named after
  /// their ids. Can be repeated after a kill.
  void move_others_away(const std::vector<Handoff>& handoffs, const std::string& id) const;

 private:
  void move_into(const fs::path& folder, const std::string& name) const;
  void move_deployment(const Handoff& handoff) const;
  void move_shared(const std::string& id) const;

  fs::path dir_;
};

}  // namespace baton
