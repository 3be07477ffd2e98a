// `precheck.team:` when, and who is there.
#pragma once

#include <string>
#include <vector>

#include "common/config/endpoint.h"

namespace baton {

/// Who tells who is on call; in the file {url, pointer}, or {pagerduty: {schedule, token}}, {opsgenie: …}.
struct OnCall {
  std::string kind = {};  ///< "url", "pagerduty", "opsgenie"; empty: nobody
  Endpoint at = {};
  std::string schedule = {};
  std::string pointer = {};  ///< to a name in the JSON at the URL
};

/// SOP, "Team Readiness".
struct TeamConfig {
  std::string window = {};                ///< "Mon-Thu 09:00-16:00 Europe/Berlin"
  std::vector<std::string> freezes = {};  ///< "2026-12-20..2027-01-03 Europe/Berlin", last day included
  OnCall on_call = {};
};

namespace config {
struct Key;
/// The keys of `precheck.team`.
void add_precheck_team(std::vector<Key>& all);
}  // namespace config

}  // namespace baton
