// What the old colour is shrunk to once no automatic rollback can need it at its full size.
#pragma once

#include "common/judge/session.h"
#include "tools/watch/watched.h"

namespace baton::watch {

/// Once after the intensive phase (decisions 15): to one replica, which stays until finalize takes it to 0. Not while
/// anything is wrong, undecided or unseen. It never ends a watch: what fails is said, and tried at the next look.
class Shrink {
 public:
  explicit Shrink(Watched& watched) : watched_(watched) {}

  void follow(const judge::Look& look, bool is_undecided, const Phases& phases, Time now);

 private:
  bool is_due(const judge::Look& look, bool is_undecided, const Phases& phases, Time now) const;

  Watched& watched_;
  bool is_done_ = false;
};

}  // namespace baton::watch
