// What a value proves of itself: checksums that its issuer puts in, and what it must decode to.
#pragma once

#include <string_view>

#include "tools/precheck/secrets/matcher.h"
#include "tools/precheck/secrets/rules/rule.h"

namespace baton::precheck::secrets {

enum class Proof {
  none,      ///< the rule has no check
  proved,    ///< no chance made it so
  doubtful,  ///< a checksum does not fit: masked or cut, it still tells where one was
  refused    ///< it is something else
};

/// Throws Error{error} on a check that is not known.
Proof prove(const Rule& rule, const Found& found, std::string_view block);

/// Whether its check is a sum that its issuer computes: then chance is ruled out.
bool is_checksum(const Rule& rule);

}  // namespace baton::precheck::secrets
