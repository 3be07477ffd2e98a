// SOP 1.5: container image scan (Trivy, Clair), of the image that is released and of no other.
#include "common/config/sections/precheck.h"
#include "tools/precheck/look.h"
#include "tools/precheck/security_reports.h"

namespace baton::precheck {
namespace {

constexpr std::string_view kUnit = "high/critical vulnerabilities";  // both are zero everywhere: decisions 13

Observation observe(const Look& look) {
  if (look.config().image.empty())
    throw Error(ExitCode::unknown, "no image is configured that the reports could be about", "Set image.");
  return look_for_vulnerabilities(look, {.reports = look.config().precheck().security.image,
                                         .unit = kUnit,
                                         .of_packages_only = true,
                                         .must_name_image = true});
}

}  // namespace

extern const Check image_scan{.id = "image-scan",
                              .sop = "1.5",
                              .title = "Container scan",
                              .expected = [](const Config&) { return expected_vulnerabilities(kUnit, 0, 0); },
                              .needs = "precheck.security.image",
                              .critical = true,
                              .is_waivable = false,
                              .observe = observe};

}  // namespace baton::precheck
