// SOP, "Prerequisites": Team Readiness.
#include <array>

#include "tools/precheck/group.h"
#include "tools/precheck/row.h"

namespace baton::precheck {

constexpr std::array<std::string_view, 3> kMendTeam = {
    "Ask the team: who is on call, who has to know, when it may be released",
    "Wait for the window, or say in a waiver who decided otherwise", "Run baton-precheck again"};

constexpr std::array kChecks = {
    BATON_ROW(Check, stakeholders_notified), BATON_ROW(Check, on_call),          BATON_ROW(Check, release_window),
    BATON_ROW(Check, traffic_slot),          BATON_ROW(Check, incident_channel),
};

extern const Group team{.id = "team", .heading = "Team", .critical = false, .recovery = kMendTeam, .checks = kChecks};

}  // namespace baton::precheck
