// What has to be known of the cluster and the release to say whether it fits.
#pragma once

#include <string>
#include <vector>

#include "tools/precheck/capacity/world.h"
#include "tools/precheck/look.h"

namespace baton::precheck {

struct Survey {
  World world;
  int pods = 0;  ///< that must find room beside all that is there
  bool is_rolled = false;
  std::vector<std::string> refusals = {};  ///< why the namespace would not take them, whatever room there is
};

/// Of the next colour: as many pods as it gets (decisions 28). Of a rolling update: those that stand beside the old
/// ones at a time. Throws as Look does.
Survey survey(const Look& look);

}  // namespace baton::precheck
