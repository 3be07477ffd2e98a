// SOP 1.5: no secrets in the code.
#include "common/config/sections/precheck.h"
#include "common/core/text.h"
#include "tools/precheck/check.h"
#include "tools/precheck/look.h"
#include "tools/precheck/secrets_report.h"
#include "tools/precheck/secrets/tree.h"

namespace baton::precheck {
namespace {

Observation observe(const Look& look) {
  secrets::Secrets found(look.config().app);
  secrets::Coverage coverage;
  for (const auto& path : look.config().precheck().security.secrets)
    coverage.add(secrets::scan_tree(path, found, look.stop()));
  return judge_secrets(look, found, coverage, count_text(static_cast<long long>(coverage.files()), "file") + " read");
}

}  // namespace

extern const Check secrets_in_code{.id = "secrets",
                                   .sop = "1.5",
                                   .title = "Secrets in code",
                                   .expected = [](const Config&) { return Expected("none"); },
                                   .needs = "precheck.security.secrets",
                                   .critical = true,
                                   .is_waivable = false,
                                   .observe = observe};

}  // namespace baton::precheck
