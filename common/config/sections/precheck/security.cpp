// Scans, secrets, certificates.
#include "common/config/sections/precheck/security.h"

#include "common/config/ranges.h"
#include "common/config/section.h"
#include "common/config/sections/precheck.h"

namespace baton::config {

void add_precheck_security(std::vector<Key>& all) {
  using Security = SecurityConfig;
  const Section section(all, "precheck.security.", [](auto& config) -> auto& { return config.precheck().security; },
                        {"precheck"});
  section.key("dependencies", "Reports of dependency scanners", &Security::dependencies);
  section.key("image", "Reports of scanners about the release's image", &Security::image);
  section.key("secrets", "Folders and files that are searched for secrets", &Security::secrets);
  section.key("secrets_allow", "Found values that are none, or are known: {sha256, reason, until}",
              &Security::secrets_allow);
  section.key("tls", "Servers whose certificates are looked at, as host:port", &Security::tls);
  section.key("tls_days", "Least days that a certificate must still be valid; under 20 warns", &Security::tls_days,
              number_within(0, 365, "a number from 0 to 365"));
}

}  // namespace baton::config
