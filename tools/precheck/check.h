// A check is a value in its group's table: what it looks at, what it expects, what its failure means.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "common/config/config.h"
#include "common/core/finding.h"
#include "common/handoff/handoff.h"

namespace baton::precheck {

class Look;

/// What one look saw. `outcome` alone decides; the texts say why.
struct Observation {
  Outcome outcome = Outcome::unknown;
  Measured observed = {};
  std::string message = {};
  std::vector<std::string> recovery = {};  ///< what to do about it; empty: what the group says
  std::vector<Evidence> evidence = {};
  Json state = Json::object();  ///< members for the handoff's state, such as the metrics' baseline
};

/// What a reason in precheck.not_applicable makes of a line that it names.
enum class WhenDeclared {
  as_group,  ///< settled, but in a critical group at best caution
  settled,   ///< an app need not have such a part: proceed stays possible
  caution,   ///< at best caution everywhere
};

struct Check {
  std::string_view id;   ///< kebab-case, unique
  std::string_view sop;  ///< "1.2"
  std::string_view title;
  Expected (*expected)(const Config&) = nullptr;  ///< what is asked for under this configuration
  /// The key without which it cannot look, or several with " or " between them, one of which is enough; empty: it
  /// always can.
  std::string_view needs = {};
  bool critical = false;             ///< a failure stops
  std::string_view part = {};        ///< of the app, as not_applicable may name it too: "database"
  std::string_view part_needs = {};  ///< the key without which the app has no such part, and nobody asks; empty: none
  WhenDeclared declared = WhenDeclared::as_group;
  bool is_waivable = true;          ///< false: --skip is refused (decisions 22)
  bool is_attestable = false;       ///< only a person can know: attestations.yaml may say so; never of a critical one
  bool must_be_configured = false;  ///< without its key nobody could judge the release: that stops (decisions 14)
  /// Looks once and changes nothing. Throws Error where it cannot look: that is `unknown`.
  Observation (*observe)(const Look&) = nullptr;
};

}  // namespace baton::precheck
