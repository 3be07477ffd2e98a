// `handoff:` how long one counts.
#pragma once

#include <vector>

#include "common/core/time.h"

namespace baton {

using namespace std::chrono_literals;

struct HandoffConfig {
  Duration precheck_valid = 4h;
  Duration migrate_valid = 2h;
};

namespace config {
struct Key;
/// The keys of the section.
void add_handoff(std::vector<Key>& all);
}  // namespace config

}  // namespace baton
