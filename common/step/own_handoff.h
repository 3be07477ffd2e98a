// The handoff that this run writes: first as "again" before anything is done, then with every saved state, last with
// its verdict.
#pragma once

#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "common/step/handoff_folder.h"
#include "common/step/invocation.h"

namespace baton {

struct WrittenHandoff {
  std::string path;
  std::string sha256;
};

/// Writes nothing in a dry run. Safe to use from several threads.
class OwnHandoff {
 public:
  /// `resumed` lends its state and its log lines. Throws Error{usage} on a bad signing key.
  OwnHandoff(Invocation& invocation, const HandoffFolder& folder, const std::optional<Previous>& previous,
             const std::optional<Handoff>& resumed);

  /// Writes the file with verdict `again` and what is known so far.
  void begin();
  void save_state(const Json& state);
  void add_log_line(const std::string& text);
  /// The last write: artifacts digested, the deployment log rebuilt, the bundle beside it when a key is configured.
  WrittenHandoff finish(const StepResult& result, Verdict verdict, const std::string& observed);
  const Json& state() const { return draft_.state; }
  /// Whether the verb has said that it did something.
  bool has_saved() const { return has_saved_; }

 private:
  void write_again();
  void write(const std::string& bytes) const;
  void copy_into(const Inside& archive) const;
  Json with_log(Json state) const;
  void write_log_file(std::vector<fs::path>& artifacts) const;
  std::optional<Time> expiry(const StepResult& result, Time finished_at) const;

  Invocation& invocation_;
  const HandoffFolder& folder_;
  std::optional<SigningKey> key_;
  Handoff draft_;
  std::vector<std::string> log_;
  bool has_saved_ = false;
  std::mutex mutex_;
};

}  // namespace baton
