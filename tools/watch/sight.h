// What is seen of the release: by metrics and its pods, and where none are judged by its pods alone.
#pragma once

#include <optional>
#include <string>

#include "common/judge/session.h"
#include "tools/watch/phases.h"
#include "tools/watch/pod_watch.h"
#include "tools/watch/points.h"
#include "tools/watch/watched.h"

namespace baton::watch {

class Sight {
 public:
  /// Both must outlive it.
  Sight(Watched& watched, const Phases& phases);

  void include_pods(const std::vector<std::string>& pods) { session_.include_pods(pods); }
  /// What holds at `until`, from all that was not judged before. Never throws for a store or a cluster that is away.
  judge::Look look(Time until);
  /// Writes down what was judged since the last time.
  void write_points() { kept_.write(); }
  /// Percent of the window up to `until` that was seen.
  double coverage(Time until) const;
  /// Whether enough of the window can still be seen.
  bool can_reach_coverage(Time now) const;
  /// Whether the window's last samples may still come at `now`.
  bool awaits_samples(Time now) const;
  /// Nothing was read into it where no metrics are judged.
  const judge::Session& session() const { return session_; }
  /// Why no metrics are judged; empty: they are.
  const std::string& without_metrics() const { return pods_.why(); }
  /// For the handoff, as of `until`.
  Json state(Time until) const;

 private:
  Watched& watched_;
  const Phases& phases_;
  judge::Session session_;
  PointsKeeper kept_{watched_, session_};
  PodWatch pods_;
};

}  // namespace baton::watch
