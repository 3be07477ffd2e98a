// `finalize:` what is due when.
#pragma once

#include <string>
#include <vector>

#include "common/core/time.h"

namespace baton {

using namespace std::chrono_literals;

struct FinalizeConfig {
  Duration scale_down_after = 24h;
  Duration delete_after = 168h;
  std::string history = "docs/deployment-history.md";
  std::string archive = "deployments/archive";
};

namespace config {
struct Key;
/// The keys of the section.
void add_finalize(std::vector<Key>& all);
}  // namespace config

}  // namespace baton
