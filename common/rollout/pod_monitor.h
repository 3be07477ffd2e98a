// What can be seen of a colour without metrics: its pods, their restarts, and what they answer to smoke.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "common/rollout/context.h"
#include "common/rollout/move.h"

namespace baton::rollout {

/// Which restarts count: those since the first look, or all of a pod that was made for this release.
enum class RestartsFrom { first_look, birth };

/// Looks at the pods of one move again and again and remembers what it saw.
class PodMonitor {
 public:
  /// Both must outlive it.
  PodMonitor(Context& context, const Move& move, RestartsFrom from = RestartsFrom::first_look)
      : context_(context), move_(move), from_(from) {}

  /// Empty while all is well; else why the new colour is unhealthy: no pod ready two looks in a row, or a container
  /// that crashes again and again.
  std::string look();
  /// What the last look saw of restarts; empty: one at most, and that not for want of memory.
  std::string restarts() const;
  /// A pod of the last look that has not been ready for two minutes; empty: there is none.
  const std::string& unready() const { return seen_.unready; }
  /// Empty while all is well; an entry of switch.smoke that failed three looks in a row is not.
  std::string smoke();
  /// The last smoke failed somewhere, and not often enough yet to say so.
  bool is_smoke_open() const;
  /// How the pods that the last look saw are named, and those that their ReplicaSets made before.
  std::vector<std::string> pods() const { return {seen_.names.begin(), seen_.names.end()}; }
  /// No pod was ready two looks in a row.
  bool has_lost_all() const;

 private:
  /// Of one look; of a pod no more than is asked of it.
  struct Seen {
    std::vector<Json> ready = {};
    std::set<std::string> names = {};
    int restarts = 0;         ///< of the pods that are there, above those that do not count
    std::string killed = {};  ///< a container of one of them that was restarted for want of memory
    std::string unready = {};
    std::string crash = {};
  };
  void see(Seen& seen, const Json& pod, Time now);

  Context& context_;
  const Move& move_;
  RestartsFrom from_;
  Seen seen_ = {};
  std::map<std::string, int> first_restarts_ = {};  ///< by pod uid: what does not count
  std::map<std::string, int> failures_ = {};        ///< by the finding's id, looks in a row
  int unready_looks_ = 0;
};

}  // namespace baton::rollout
