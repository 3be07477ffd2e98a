// The rights that precheck asks for, as a playground grants them.
#pragma once

#include <set>
#include <string>

#include "common/rollout/rights.h"

namespace baton::test {

inline std::set<std::string> rights_of_the_table() {
  std::set<std::string> all;
  for (const auto& right : rollout::rights()) {
    const auto subresource = right.subresource.empty() ? "" : "/" + std::string(right.subresource);
    all.insert(std::string(right.verb) + " " + std::string(right.resource.plural) + subresource);
  }
  return all;
}

}  // namespace baton::test
