// What the soak looks at besides metrics: the new colour's pods, smoke, and that the selector is still ours.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "tools/switch/attempt.h"

namespace baton::cutover {

/// Looks at the pods of one move again and again and remembers what it saw.
class PodMonitor {
 public:
  PodMonitor(World& world, const rollout::Move& move) : world_(world), move_(move) {}

  /// Empty while all is well; else why the new colour is unhealthy: no pod ready two looks in a row, CrashLoopBackOff,
  /// or more than one restart. Throws Error{handoff} when the Service selects something else by now.
  std::string look();
  /// Empty while all is well; an entry of switch.smoke that failed three looks in a row is not.
  std::string smoke();
  const std::vector<std::string>& pods() const { return names_; }
  /// No pod was ready two looks in a row.
  bool has_lost_all() const;

 private:
  World& world_;
  const rollout::Move& move_;
  std::vector<Json> ready_ = {};
  std::vector<std::string> names_ = {};
  std::map<std::string, int> restarts_ = {};  ///< by pod uid, when it was seen first
  std::map<std::string, int> failures_ = {};  ///< by the finding's id, looks in a row
  int unready_looks_ = 0;
};

}  // namespace baton::cutover
