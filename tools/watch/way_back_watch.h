// Whether a rollback could still be made, looked at beside the release.
#pragma once

#include <functional>
#include <future>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "common/core/finding.h"
#include "common/core/report.h"
#include "tools/watch/phases.h"
#include "tools/watch/watched.h"

namespace baton::watch {

/// A stretch in which a rollback would have failed, or left users with less than the release before.
struct Loss {
  std::string id;  ///< of the finding: "way-back-deployment"
  Time since{};    ///< of the look that found it
  std::optional<Time> until = {};
  std::string seen;
};

/// Looks in the report's rhythm and in a thread of its own: neither a slow API server nor what it says holds up or ends
/// the watch. Rolls nothing back, and keeps nobody from it. Asks no registry: whether an image is still there, the
/// kubelet says of the pods that it cannot start.
class WayBackWatch {
 public:
  /// Takes up what an earlier run wrote down. Both must outlive it.
  WayBackWatch(Watched& watched, const Phases& phases);
  ~WayBackWatch() { stop_.request_stop(); }
  WayBackWatch(const WayBackWatch&) = delete;
  WayBackWatch& operator=(const WayBackWatch&) = delete;

  /// Begins a look where one is due; nobody waits for it.
  void begin(Time now);
  /// What the look found, if it is over by then.
  void take(Time now, Duration patience);
  /// Pages each loss once, and that it is over. Needs what state() says to be saved: a kill must not make it twice.
  void tell();

  bool was_lost() const { return !losses_.empty(); }
  /// What is not in order, for the handoff.
  std::vector<Finding> remarks() const;
  /// For the report; none where there is nothing to go back to.
  std::vector<ReportLine> lines() const;
  Json state() const;

 private:
  Loss* open_loss(const std::string& id);
  void follow(const Finding& finding, Time now);
  void end(Loss& loss, Time now);
  const Finding* last(const std::string& id) const;

  Watched& watched_;
  const Phases& phases_;
  std::stop_source stop_ = {};  ///< of a look that outlives its watch, too
  std::stop_callback<std::function<void()>> stopped_{watched_.env.stop, [this] { stop_.request_stop(); }};
  std::future<std::vector<Finding>> pending_ = {};
  std::optional<Duration> begun_ = {};  ///< on the monotonic clock
  std::vector<Finding> findings_ = {};  ///< of the last look that is over
  std::vector<Loss> losses_ = {};
};

}  // namespace baton::watch
