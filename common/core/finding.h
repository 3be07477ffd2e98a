// What a look at the world found out, and what follows from all findings together.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "common/core/error.h"
#include "common/core/json.h"
#include "common/core/measured.h"

namespace baton {

enum class Outcome { pass, warn, fail, unknown, skipped };
std::string_view outcome_name(Outcome outcome);
std::string_view outcome_mark(Outcome outcome);  ///< ✅ ⚠️ ❌ ❔, and ⏭️ for skipped

/// One line of evidence.
struct Finding {
  std::string id;   ///< kebab-case, of the check, trigger or action
  std::string sop;  ///< "1.2", the SOP's step and task
  std::string title;
  bool critical = false;  ///< a failure stops; unknown too
  Outcome outcome = Outcome::unknown;
  /// Of a skipped one: there is nothing of the kind, or somebody decided in the configuration that it does not apply.
  /// Only so is a line that nobody looked at no reason for caution.
  bool settled = false;
  Measured observed = {};
  Expected expected = {};
  std::string message = {};
  std::vector<std::string> files = {};  ///< that it was read in, with their digests where they are known
  std::string query = {};               ///< that the number answers
  std::vector<std::string> log = {};    ///< the last lines of whatever failed
  long long duration_ms = 0;
  std::vector<std::string> recovery = {};  ///< the SOP's recovery steps; printed, not handed on
};

Json to_json(const Finding& finding);
/// Measured values are decimal strings with their unit beside them. Throws Error{handoff} naming the member that is
/// missing or of the wrong type.
Finding finding_from_json(const Json& json);
/// Each as above; none where there is no list.
std::vector<Finding> findings_from_json(const Json& list);

enum class Verdict { proceed, caution, stop, unknown, rolled_back, rollback_failed, again, superseded };
std::string_view verdict_name(Verdict verdict);
/// Throws Error{handoff} on a word that is none.
Verdict verdict_from(std::string_view name);
ExitCode exit_code(Verdict verdict);

/// stop when a critical one fails, unknown when a critical one could not be answered or there is none at all,
/// caution on any warning, failed, unknown or left out one, else proceed: each passed, or was settled.
Verdict decide(std::span<const Finding> findings);

}  // namespace baton
