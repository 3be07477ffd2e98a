// SOP 1.5: dependency vulnerability scan (npm audit, Snyk).
#include "common/config/sections/precheck.h"
#include "tools/precheck/look.h"
#include "tools/precheck/security_reports.h"

namespace baton::precheck {
namespace {

constexpr std::string_view kUnit = "high/critical vulnerabilities";  // both are zero everywhere: decisions 13

Observation observe(const Look& look) {
  return look_for_vulnerabilities(
      look, {.reports = look.config().precheck().security.dependencies, .unit = kUnit, .of_packages_only = true});
}

}  // namespace

extern const Check dependency_scan{.id = "dependency-scan",
                                   .sop = "1.5",
                                   .title = "Dependency scan",
                                   .expected = [](const Config&) { return expected_vulnerabilities(kUnit, 0, 0); },
                                   .needs = "precheck.security.dependencies",
                                   .critical = true,
                                   .is_waivable = false,
                                   .observe = observe};

}  // namespace baton::precheck
