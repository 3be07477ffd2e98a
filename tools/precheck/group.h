// The groups of the SOP's checklist; each owns its checks.
#pragma once

#include <span>
#include <string_view>

#include "tools/precheck/check.h"

namespace baton::precheck {

struct Group {
  std::string_view id;  ///< as precheck.not_applicable names it
  std::string_view heading;
  bool critical = false;  ///< SOP, "Critical checks": what is not configured there is unknown, elsewhere skipped
  std::span<const std::string_view> recovery = {};  ///< SOP, "Error Handling"
  std::span<const Check* const> checks = {};        ///< in the checklist's order
};

/// In the checklist's order.
std::span<const Group* const> groups();

/// A check and the group that it belongs to.
struct Place {
  const Group* group = nullptr;
  const Check* check = nullptr;
};
/// Every check, in the checklist's order.
std::vector<Place> places();
/// Throws Error{usage} with the nearest name when no check has that id.
Place place_of(std::string_view id);

}  // namespace baton::precheck
