// What pods tell beside metrics, and without any: readiness, restarts and smoke.
#pragma once

#include <map>
#include <set>
#include <string>

#include "common/judge/session.h"
#include "common/rollout/pod_monitor.h"
#include "tools/watch/phases.h"
#include "tools/watch/watched.h"

namespace baton::watch {

class PodWatch {
 public:
  /// Both must outlive it. Takes up the looks that switch made in its soak and those that an earlier run remembered: no
  /// store can be read again.
  PodWatch(Watched& watched, const Phases& phases);

  /// Why nobody judges by metrics; empty: they are judged, and `add_to` is for them.
  const std::string& why() const { return why_; }
  /// What the pods say to what the metrics said: critical where they crash, unless the old colour fails in the same
  /// way; a warning where they were restarted or one is not ready. A cluster that is away says nothing. In between two
  /// looks of a minute it is what was seen last.
  void add_to(judge::Look& look);
  /// Critical where pods crash or smoke keeps failing, but not where the old colour fails in the same way (decisions
  /// 37); never healthy: what metrics would tell is not known.
  judge::Look look(Time now);
  /// What the release itself is ill with: pods that are not ready, or smoke that keeps failing and not on the old
  /// colour too. Empty: nothing, or nobody can tell.
  std::string own_trouble();
  /// Share of the looks that the phases ask for, up to `until`, that were made: 0 … 100.
  double coverage(Time until) const;
  /// For the handoff's state: the looks that were made.
  Json memory() const;
  /// Likewise: what the pods warned of at any look beside metrics, by the finding's id. Nobody else remembers it.
  Json warned() const;

 private:
  std::string smoke();
  /// Why what was seen is nobody's fault; empty: it is the release's.
  std::string excuse(bool is_smoke);
  /// Crashes, restarts and readiness as the last look at the pods saw them.
  std::vector<Finding> findings(const std::string& crash) const;
  /// What is over still warns, and says so.
  void remember(std::vector<Finding>& findings);
  judge::Look concluded(const std::string& pods, const std::string& smoke);
  /// The beginning of the stretch, by the phase's rhythm, that a time falls into.
  Time stretch_of(Time at) const;

  Watched& watched_;
  const Phases& phases_;
  std::string why_;
  rollout::PodMonitor monitor_;
  std::set<Time> looked_ = {};
  std::vector<Finding> seen_ = {};                  ///< beside metrics: by the last look
  std::map<std::string, std::string> warned_ = {};  ///< by the finding's id: what it said when it warned last
  Duration seen_at_{};                              ///< on the monotonic clock
};

}  // namespace baton::watch
