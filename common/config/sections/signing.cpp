// Keys.
#include "common/config/sections/signing.h"

#include "common/config/section.h"

namespace baton::config {

void add_signing(std::vector<Key>& all) {
  const Section signing(
      all, "signing.", [](auto& config) -> auto& { return config.signing(); });
  signing.secret("key", "PKCS#8 PEM or a path to it; handoffs are signed with it", &SigningConfig::key);
  signing.key("trust", "Public keys a handoff must be signed with", &SigningConfig::trust).is_guard = true;
}

}  // namespace baton::config
