// The contract between steps: an in-toto statement, read and written as exact bytes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "common/core/finding.h"
#include "common/core/json.h"
#include "common/core/time.h"

namespace baton {

inline constexpr std::string_view kSteps[] = {"precheck", "migrate", "switch", "watch", "finalize"};
/// 1 for precheck … 5 for finalize; 0 for a word that is no step.
int step_number(std::string_view step);

struct Subject {
  std::string name;    ///< "registry.example.com/myapp:v1.6.0"; of a standalone migrate "migrations"
  std::string sha256;  ///< hexadecimal; empty when it is not known
};

struct Release {
  std::string app;
  std::string version;
  std::string environment;
  std::string commit = {};  ///< full hash; empty when there is no repository
  std::string id = {};      ///< unique per deployment
};
/// As it stands in a handoff.
Json to_json(const Release& release);

struct Target {
  std::string cluster_uid = {};  ///< uid of the kube-system namespace
  std::string namespace_ = {};
  std::string service = {};
  std::string database = {};  ///< "scheme://host:port/name", or the absolute path of an SQLite file
  std::string live = {};      ///< what served when precheck looked: "deployment@image digest or tag"
};

struct Evidence {
  std::string name;
  std::string kind;
  std::string sha256;
  std::string about = {};
  std::string produced_at = {};
};

struct Artifact {
  std::string name;
  std::string sha256;
};

struct RunInfo {
  std::string ci = "none";
  std::string pipeline_started_at = {};
  std::string repository = {};
  std::string id = {};
  std::string attempt = {};
  std::string actor = {};
  std::string url = {};
};

struct Handoff {
  std::string step;
  Subject subject;
  Release release;
  std::vector<Target> targets = {};  ///< one a cluster; none where nothing was known
  Verdict verdict = Verdict::again;
  std::string observed = {};  ///< the real verdict of an `--observe` run
  std::vector<Finding> findings = {};
  std::vector<Evidence> evidence = {};
  Json state = Json::object();
  std::vector<Artifact> artifacts = {};
  std::string previous_step = {};  ///< empty: none
  std::string previous_sha256 = {};
  /// What the reader of `previous` could not compare: "commit", "cluster", …
  std::vector<std::string> not_compared = {};
  std::string policy_sha256 = {};
  std::vector<std::string> policy_overrides = {};
  bool standalone = false;
  RunInfo run = {};
  std::string tool_name = {};
  std::string tool_version = {};
  Time started_at = {};
  Time finished_at = {};
  std::optional<Time> expires_at = {};
};

/// The handoff that the step left; null when it left none.
const Handoff* find_step(std::span<const Handoff> handoffs, std::string_view step);

/// Of one handoff file; a larger one is refused.
inline constexpr std::size_t kMaxHandoffBytes = 16U << 20U;
/// Outside verifiers read numbers as doubles: nothing above 2^53 survives there.
inline constexpr std::int64_t kMaxHandoffInteger = std::int64_t{1} << 53U;

/// The bytes to write: pretty JSON that every reader takes as it is. Throws Error{error} on what a reader would
/// refuse: an integer beyond 2^53, more than kMaxHandoffBytes.
std::string to_bytes(const Handoff& handoff);
/// JSON of at most kMaxHandoffBytes, or Error{handoff}. `name` goes into messages.
Json parse_handoff_json(std::string_view bytes, std::string_view name);
/// Checks types, the schema's major version, step and `seq`; throws Error{handoff} naming the member.
Handoff parse_handoff(std::string_view bytes, std::string_view name);

}  // namespace baton
