// Runs the table: what is switched off, what could not look, what each look took.
#pragma once

#include "tools/precheck/precheck.h"

namespace baton::precheck {

struct Checked {
  std::vector<Finding> findings;  ///< in the table's order
  std::vector<Evidence> evidence;
};

/// Throws Error{usage} when --only or --skip names no check.
Checked run_checks(const Options& options, CheckContext& context);

const Group& group_of(const Check& check);

}  // namespace baton::precheck
