// Unpacks what the build compiled: packed_rules(), packed_database() and database_fingerprint() are defined in a
// generated source.
#include "tools/precheck/secrets/compiled.h"

#include "common/core/gzip.h"

namespace baton::precheck::secrets {

const std::vector<Rule>& all_rules() {
  constexpr std::size_t kMaxRules = 1U << 20U;
  static const std::vector<Rule> rules = parse_rules(gunzip(packed_rules(), kMaxRules));
  return rules;
}

}  // namespace baton::precheck::secrets
