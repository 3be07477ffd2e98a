// The rights that a step asks for, as a playground grants them.
#pragma once

#include <set>
#include <string>

#include "common/rollout/rights.h"

namespace baton::test {

inline std::set<std::string> rights_of_the_table(rollout::Steps steps) {
  std::set<std::string> all;
  for (const auto& right : rollout::rights()) {
    if ((right.steps & steps) != 0) all.insert(std::string(right.verb) + " " + rollout::resource_text(right));
  }
  return all;
}

}  // namespace baton::test
