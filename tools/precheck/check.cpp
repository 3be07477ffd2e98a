// The table of groups and checks.
#include "tools/precheck/check.h"

#include <array>

#include "common/config/sections/switch.h"

namespace baton::precheck {
namespace {

constexpr std::array<std::string_view, 4> kQuality = {"Identify which gate failed (code review, tests, security)",
                                                      "Return to the step of feature development that owns it",
                                                      "Fix the issue and run the quality gates again",
                                                      "Run baton-precheck again once all gates pass"};
constexpr std::array<std::string_view, 4> kInfrastructure = {
    "Fix the infrastructure first (database, cluster, dependency)", "Verify that its health checks pass",
    "Run baton-precheck again", "If it persists: postpone to a maintenance window and escalate"};
constexpr std::array<std::string_view, 4> kStaging = {
    "Analyze the failing test: is the test correct, is the code correct", "Fix the issue",
    "Run the staging tests again until all pass", "Do not deploy to production until they do"};
constexpr std::array<std::string_view, 3> kImage = {"Check the build log for the error",
                                                    "Build and push the image again", "Run baton-precheck again"};

constexpr std::array kGroups = {
    Group{"quality", "Quality Gates", false, kQuality},
    Group{"infrastructure", "Infrastructure Health", true, kInfrastructure},
    Group{"staging", "Staging Tests", true, kStaging},
    Group{"security", "Security", true, kQuality},
    Group{"image", "Image", false, kImage},
    Group{"monitoring", "Monitoring", false, kInfrastructure},
};

const std::array kChecks = {&coverage,          &unit_tests,         &integration_tests, &e2e_tests,
                            &nodes_ready,       &database_reachable, &staging_smoke,     &security_scan,
                            &image_in_registry, &metrics_baseline};

}  // namespace

std::span<const Group> groups() { return kGroups; }
std::span<const Check* const> checks() { return kChecks; }

}  // namespace baton::precheck
