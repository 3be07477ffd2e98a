// What every rollback shares, however its traffic goes back: that it is decided, what it found, and how it ends.
#pragma once

#include <string>
#include <vector>

#include "common/rollout/put_back.h"

namespace baton::rollout {

class Undoing {
 public:
  Undoing(Context& context, Lease& lease, const Move& move, const UndoOrder& order)
      : context_(context), lease_(lease), move_(move), order_(order) {}

  /// Not rolled back: who serves, and the lines to type.
  Undo failed(const std::string& why);

 protected:
  /// A warning is not critical.
  static Finding finding_of(std::string id, std::string title, Outcome outcome, std::string message);

  /// In the move; written ahead by the caller, so that a rollback that is decided is finished, whoever comes next.
  void decide();
  /// Whoever wants to know before it begins; none of them stops it.
  void tell_hooks();
  void add(std::vector<Finding> found);
  /// The end, recorded and remembered.
  void conclude();
  Undo back(std::string message);
  Undo fail(std::string message);

  Context& context_;
  Lease& lease_;
  Move move_;
  const UndoOrder& order_;
  Undo undo_ = {};
  Duration patched_{0};  ///< on the monotonic clock
};

}  // namespace baton::rollout
