// A check is a value in a table: what it looks at, what it expects, what its failure means.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "common/clients/kube/client.h"
#include "common/clients/registry/client.h"
#include "common/judge/baseline.h"
#include "common/step/env.h"

namespace baton::precheck {

/// A group of the SOP's checklist, in its order.
struct Group {
  std::string_view id;  ///< as precheck.not_applicable names it
  std::string_view heading;
  bool critical = false;  ///< SOP, "Critical checks": what is not configured there is unknown, elsewhere skipped
  std::span<const std::string_view> recovery = {};  ///< SOP, "Error Handling"
};
std::span<const Group> groups();

/// What one look saw. `outcome` alone decides; the texts say why.
struct Observation {
  Outcome outcome = Outcome::unknown;
  Measured observed = {};
  std::string message = {};
  std::vector<Evidence> evidence = {};
};

/// What the checks look with; shared by all of them, safe from several threads.
struct CheckContext {
  Env& env;
  std::optional<judge::Baseline> baseline = {};  ///< filled by the metrics check
};

struct Check {
  std::string_view id;   ///< kebab-case, unique
  std::string_view sop;  ///< "1.2"
  std::string_view group;
  std::string_view title;
  std::string_view expected;
  std::string_view needs;  ///< the key without which it cannot look; empty: it always can
  bool critical = false;   ///< a failure stops
  /// Looks once and changes nothing. Throws Error where it cannot look: that is `unknown`.
  Observation (*observe)(CheckContext&) = nullptr;
};

/// In the checklist's order.
std::span<const Check* const> checks();

extern const Check coverage;
extern const Check unit_tests;
extern const Check integration_tests;
extern const Check e2e_tests;
extern const Check nodes_ready;
extern const Check database_reachable;
extern const Check staging_smoke;
extern const Check security_scan;
extern const Check image_in_registry;
extern const Check metrics_baseline;

}  // namespace baton::precheck
