// Runs the table: what is switched off, what could not look, what each look took.
#pragma once

#include <vector>

#include "tools/precheck/group.h"
#include "tools/precheck/precheck.h"

namespace baton::precheck {

/// A group with what its checks found, in its own order.
struct GroupFindings {
  const Group* group = nullptr;
  std::vector<Finding> findings = {};
};

struct Checked {
  std::vector<GroupFindings> groups = {};  ///< those that were looked at, in the checklist's order
  std::vector<Evidence> evidence = {};
  Json state = Json::object();  ///< of all observations together

  /// Of every group, in the checklist's order.
  std::vector<Finding> findings() const;
};

/// Throws Error{usage} when --only, --skip, precheck.not_applicable or precheck.waivers names nothing that is known,
/// --skip or a waiver what cannot be waived, a declaration or a waiver has no reason, or the team's window is none.
void require_known(const Options& options, const View& env);
/// The table, after require_known().
Checked run_checks(const Options& options, const View& env);

}  // namespace baton::precheck
