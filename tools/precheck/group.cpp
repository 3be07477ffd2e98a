// The table of groups.
#include "tools/precheck/group.h"

#include <array>

#include "common/core/closest.h"
#include "common/core/printable.h"
#include "tools/precheck/row.h"

namespace baton::precheck {

std::span<const Group* const> groups() {
  static constexpr std::array kGroups = {
      BATON_ROW(Group, quality),    BATON_ROW(Group, infrastructure), BATON_ROW(Group, migrations),
      BATON_ROW(Group, staging),    BATON_ROW(Group, security),       BATON_ROW(Group, capacity),
      BATON_ROW(Group, pipeline),   BATON_ROW(Group, image),          BATON_ROW(Group, deployment),
      BATON_ROW(Group, monitoring), BATON_ROW(Group, documentation),  BATON_ROW(Group, team),
  };
  return kGroups;
}

std::vector<Place> places() {
  std::vector<Place> all;
  for (const auto* group : groups()) {
    for (const auto* check : group->checks) all.push_back({.group = group, .check = check});
  }
  return all;
}

Place place_of(std::string_view id) {
  std::vector<std::string> known;
  for (const auto& place : places()) {
    if (place.check->id == id) return place;
    known.emplace_back(place.check->id);
  }
  const auto meant = closest(id, known);
  throw Error(ExitCode::usage,
              "no check is named '" + printable(id, 60) + "'" + (meant ? "; did you mean '" + *meant + "'?" : ""),
              "See baton-precheck list.");
}

}  // namespace baton::precheck
