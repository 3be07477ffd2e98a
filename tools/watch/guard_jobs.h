// The objects of a guard inside the cluster.
#pragma once

#include <string>

#include "common/core/json.h"
#include "common/core/time.h"

namespace baton::watch {

struct Guard {
  std::string app;
  std::string name;  ///< of configuration, account and rights; the jobs' begin with it
  std::string namespace_name;
  std::string image;
  std::string secret = {};
  std::string claim = {};
  std::string schedule = {};       ///< of the ticks
  Duration window{0};              ///< how long a release is watched
  std::string configuration = {};  ///< baton.yaml
};

Json config_map_of(const Guard& guard);
Json account_of(const Guard& guard);
/// Ticks for whatever release is open.
Json watch_cron_job(const Guard& guard);
/// Holds through the window of the release that is open; goes on where its pod is lost.
Json watch_job(const Guard& guard);
Json finalize_cron_job(const Guard& guard);

}  // namespace baton::watch
