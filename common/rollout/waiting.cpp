// Waiting for the cluster.
#include "common/rollout/waiting.h"

namespace baton::rollout {

void Wait::pause(Duration step, std::string_view detail) {
  if (context_.progress) {
    context_.progress(detail.empty() ? what_ : what_ + " (" + std::string(detail) + ")", elapsed(), limit_);
  }
  if (!context_.clock.sleep_for(step, context_.stop)) require_running(context_);
}

void require_running(const Context& context) {
  if (!context.stop.stop_requested()) return;
  throw Error(ExitCode::interrupted, "told to stop while moving traffic",
              "Run again: what was begun is resumed or undone.");
}

}  // namespace baton::rollout
