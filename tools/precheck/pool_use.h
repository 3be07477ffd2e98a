// The server's connections, with those that the next colour will open beside the live one's.
#pragma once

#include <string>
#include <vector>

#include "common/clients/database/address.h"
#include "tools/precheck/check.h"
#include "tools/precheck/look.h"

namespace baton::precheck {

/// One limit that applies, and what is taken of it.
struct PoolLimit {
  std::string of;  ///< "the server", "the database 'shop'", "the role 'shop'"
  long long most = 0;
  long long used = 0;
};

/// The pods that come up beside the live ones, and how many connections each opens at most; nothing: nobody said.
struct NextPods {
  long long pods = 0;
  long long pool = 0;
};

/// Of PostgreSQL: without those reserved for superusers, without our own. Throws Error{unknown} where it cannot
/// connect.
std::vector<PoolLimit> pool_limits(const database::Address& address);

/// By the limit that most is taken of: over `most_percent` warns, over 100 fails. Without `next` at best warns: what it
/// adds is not known.
Observation judged(const std::vector<PoolLimit>& limits, const std::optional<NextPods>& next, double most_percent);

}  // namespace baton::precheck
