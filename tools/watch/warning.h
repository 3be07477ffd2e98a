// A stretch in which a warning rule held, and what a person decided about it (decisions 39).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "common/core/json.h"
#include "common/core/time.h"
#include "common/judge/session.h"

namespace baton::watch {

struct Warning {
  std::string rule;                ///< "error-rate-warning": what is accepted
  Time since{};                    ///< its first sample; rule and `since` name it, to the receivers of messages too
  Time noticed{};                  ///< of the look that found it: nobody could know before
  std::optional<Time> until = {};  ///< its last sample, once it is over
  std::string seen = {};  ///< "Error rate: 3 %, expected <= 1.5 % (baseline +1pp)"; once it is over, at its worst
  std::string accepted_by = {};  ///< empty: nobody
  std::optional<Time> accepted_at = {};

  /// Until when somebody must decide: so long after it was noticed as the SOP's decision matrix says.
  Time deadline() const;
  /// It lasted to its deadline, and nobody had accepted it by then.
  bool is_undecided(Time now) const;
  /// Of the same rule, with a moment in common.
  bool is_same(const Warning& other) const;
  bool operator==(const Warning&) const = default;
};

/// How long a person has to decide on the rule.
Duration decision_time(std::string_view rule);

/// What was decided: "accepted by jo at …", "nobody decided by …", "to be decided by …"; empty where it was over before
/// anybody had to.
std::string decision_text(const Warning& warning, Time now);

/// `known` after a look: new ones found at `now`, the end of those that are over. A gap ends none, nor does a store
/// that is away.
std::vector<Warning> after_look(std::vector<Warning> known, const judge::Memory& seen, const judge::Look& look,
                                Time now);

/// Adds what was decided to the findings' messages; of two warnings of a rule the later one's.
void add_decisions(std::vector<Finding>& findings, const std::vector<Warning>& warnings, Time now);

Json to_json(const Warning& warning);
/// Nothing where a member is missing that names it.
std::optional<Warning> warning_from(const Json& json);

}  // namespace baton::watch
