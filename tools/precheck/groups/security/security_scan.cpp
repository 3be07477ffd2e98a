// SOP 1.5: this version reads no scanner's report, and says so instead of passing.
#include "tools/precheck/check.h"

namespace baton::precheck {
namespace {

Observation observe(const Look& /*look*/) {
  return {
      .message =
          "this version reads no security report; name 'security' in precheck.not_applicable with who looked instead"};
}

}  // namespace

extern const Check security_scan{
    .id = "security-scan",
    .sop = "1.5",
    .title = "Security scan",
    .expected =
        [](const Config&) { return Expected("0 critical and high vulnerabilities, no secrets, valid certificates"); },
    .needs = "",
    .critical = true,
    .observe = observe};

}  // namespace baton::precheck
