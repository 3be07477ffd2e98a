// `precheck.migrations:` what the rehearsal on staging must have shown.
#pragma once

#include <string>
#include <vector>

#include "common/core/time.h"

namespace baton {

using namespace std::chrono_literals;

/// SOP 1.3.
struct RehearsalConfig {
  Duration max_duration = 5min;
  Duration max_lock = 1s;
  std::string rehearsal = {};  ///< path of rehearsal.json
};

namespace config {
struct Key;
/// The keys of `precheck.migrations`.
void add_precheck_migrations(std::vector<Key>& all);
}  // namespace config

}  // namespace baton
