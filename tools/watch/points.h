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

/// Evidence decides nothing: what cannot be kept is said once, and the watch goes on.
class PointsKeeper {
 public:
  /// Both must outlive it.
  PointsKeeper(const Watched& watched, judge::Session& session);

 private:
  void keep(std::span<const judge::Point> points);

  const Watched& watched_;
  const judge::Session& session_;
  judge::JudgedBy by_;
  std::optional<judge::PointsFile> file_ = {};
};

/// `baton-watch replay FILE`: what the rules say of the points in it, with the limits they were judged by or, where
/// --set gives others, with those. Throws Error{usage} without a file, Error{unknown} on one that is none of points.
StepResult replay(const std::vector<std::string>& arguments, Env& env);

}  // namespace baton::watch
