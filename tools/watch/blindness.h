// That nobody can see how the release does: since when, and who is told.
#pragma once

#include <optional>
#include <string>

#include "common/judge/session.h"
#include "tools/watch/watched.h"

namespace baton::watch {

class Blindness {
 public:
  /// Takes up what an earlier run wrote down.
  explicit Blindness(Watched& watched) : watched_(watched), since_(remembered(watched.env, "blind_since")) {}

  /// After a look; `cluster_away` is why the cluster could not be asked. Pages once it lasts (decisions 38).
  void follow(const judge::Look& look, const std::string& cluster_away, Time start, Time now);
  /// Nothing: somebody sees.
  const std::optional<Time>& since() const { return since_; }

 private:
  Watched& watched_;
  std::optional<Time> since_;
};

}  // namespace baton::watch
