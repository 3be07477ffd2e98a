// SOP 1.1: security audit, 0 P0/P1 vulnerabilities.
#include "common/config/sections/precheck.h"
#include "tools/precheck/look.h"
#include "tools/precheck/security_reports.h"

namespace baton::precheck {
namespace {

constexpr std::string_view kUnit = "P0/P1 vulnerabilities";  // P0 is critical, P1 is high: decisions 13

Expected expected(const Config& config) {
  const auto& limits = config.precheck().quality;
  return expected_vulnerabilities(kUnit, limits.max_critical, limits.max_high);
}

Observation observe(const Look& look) {
  const auto& quality = look.config().precheck().quality;
  return look_for_vulnerabilities(look, {.reports = quality.vulnerability_reports,
                                         .unit = kUnit,
                                         .max_critical = quality.max_critical,
                                         .max_high = quality.max_high});
}

}  // namespace

extern const Check vulnerabilities{.id = "vulnerabilities",
                                   .sop = "1.1",
                                   .title = "Security",
                                   .expected = expected,
                                   .needs = "precheck.quality.vulnerabilities.reports",
                                   .critical = true,
                                   .is_waivable = false,
                                   .observe = observe};

}  // namespace baton::precheck
