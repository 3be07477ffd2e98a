// What the SOP says to do, where several groups say the same.
#pragma once

#include <array>
#include <string_view>

namespace baton::precheck {

/// SOP, "Error Handling": a quality gate failed.
inline constexpr std::array<std::string_view, 4> kMendQuality = {
    "Identify which gate failed (code review, tests, security)",
    "Return to the step of feature development that owns it", "Fix the issue and run the quality gates again",
    "Run baton-precheck again once all gates pass"};
/// SOP, "Error Handling": the infrastructure is not healthy.
inline constexpr std::array<std::string_view, 4> kMendInfrastructure = {
    "Fix the infrastructure first (database, cluster, dependency)", "Verify that its health checks pass",
    "Run baton-precheck again", "If it persists: postpone to a maintenance window and escalate"};

}  // namespace baton::precheck
