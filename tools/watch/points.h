// The points that a watch judged, in evidence/points.db: kept as they come, and judged again by whoever asks.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "common/judge/points_file.h"
#include "common/judge/session.h"
#include "tools/watch/watched.h"

namespace baton::watch {

/// Evidence decides nothing: what cannot be kept is said, and the watch goes on.
class PointsKeeper {
 public:
  /// Both must outlive it.
  PointsKeeper(const Watched& watched, judge::Session& session);
  /// Writes what came since the last time. Whoever comes after a kill or a tick judges the whole window anew: so who
  /// leaves for good writes, a tick that only says "again" need not. Nobody judges again once a rollback is begun: it
  /// is written before.
  void write();

 private:
  void take(std::span<const judge::Point> points);

  const Watched& watched_;
  std::vector<judge::Point> points_ = {};  ///< that came
  const judge::Session& session_;
  judge::JudgedBy by_;
  std::optional<judge::PointsFile> file_ = {};
};

/// `baton-watch replay FILE`: what the rules say of the points in it, with the limits they were judged by or, where
/// --set gives others, with those. Throws Error{usage} without a file, Error{unknown} on one that is none of points.
StepResult replay(const std::vector<std::string>& arguments, Env& env);

}  // namespace baton::watch
