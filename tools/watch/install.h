// What watches and finalizes from inside the cluster, printed for kubectl.
#pragma once

#include <string>

#include "common/step/env.h"

namespace baton::watch {

/// The flags of `install`.
struct Installation {
  std::string image;             ///< with the executables, by tag or digest
  std::string kind = "cronjob";  ///< of the watch: cronjob ticks for every release, job holds through the open one
  std::string secret = {};       ///< whose keys are the variables that the configuration refers to
  std::string claim = {};        ///< a PersistentVolumeClaim for what the steps write; empty: it goes with each pod
  std::string live = {};         ///< what served before the first switch, as `baton-precheck role` takes it
};

/// Prints configuration, account, rights and jobs; asks and changes nothing. Throws Error{usage} on a configuration
/// that would say a secret, or that the pods could not read.
StepResult install(const Installation& asked, Env& env);

/// The rhythm of a CronJob that comes at least as often as `every`, as far as its minutes go.
std::string schedule_for(Duration every);

}  // namespace baton::watch
