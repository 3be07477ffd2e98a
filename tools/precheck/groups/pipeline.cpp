// SOP, "Prerequisites": code readiness, and a pipeline that works.
#include <array>

#include "tools/precheck/group.h"
#include "tools/precheck/row.h"

namespace baton::precheck {

constexpr std::array<std::string_view, 3> kMendPipeline = {
    "Bring the release's commit by the branch that is released from, and let its pipeline end well",
    "Build the image of that commit", "Run baton-precheck again"};

constexpr std::array kChecks = {
    BATON_ROW(Check, commit_on_branch),
    BATON_ROW(Check, image_revision),
    BATON_ROW(Check, required_checks),
    BATON_ROW(Check, rollback_drill),
};

extern const Group pipeline{
    .id = "pipeline", .heading = "Code and Pipeline", .critical = false, .recovery = kMendPipeline, .checks = kChecks};

}  // namespace baton::precheck
