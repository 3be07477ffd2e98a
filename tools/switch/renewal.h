// After the soak the old colour's pods are renewed, one by one (decisions 49): connections that clients keep would
// otherwise stay on the release before for days, and the largest move of users would come unguarded when it shrinks.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "common/rollout/lease.h"
#include "tools/switch/attempt.h"

namespace baton::cutover {

/// It stays the way back meanwhile: one pod less at most, and only while the images of its pods can still be pulled as
/// what they are now. Pods that came after the switch are left alone: another run began.
class Renewal {
 public:
  Renewal(World& world, const rollout::Lease& lease, Attempt& attempt);

  /// One step further, from between the soak's looks; true when no more is to be done. A cluster that is away is waited
  /// out.
  bool step();

 private:
  bool begin();
  bool go_on();
  bool has_come_back();
  bool take_next();
  std::string why_not(const Json& old, const std::vector<Json>& pods);
  std::string unpullable(const Json& pod);
  bool leave(Outcome outcome, std::string message);

  World& world_;
  const rollout::Lease& lease_;
  Attempt& attempt_;
  Json old_ = {};
  std::vector<Json> left_ = {};
  std::size_t size_ = 0;  ///< how many are ready beside the one that is renewed, and that one
  int renewed_ = 0;
  bool has_begun_ = false;
  std::optional<Duration> taken_ = {};  ///< when the newest one was; nothing: the next one may go
  std::optional<Duration> back_ = {};   ///< since when all are ready again
};

}  // namespace baton::cutover
