// Waiting for the cluster: paced, interruptible, and said aloud.
#pragma once

#include <string>
#include <string_view>

#include "common/rollout/context.h"

namespace baton::rollout {

/// One wait with its limit.
class Wait {
 public:
  Wait(Context& context, std::string what, Duration limit)
      : context_(context), what_(std::move(what)), limit_(limit), begun_(context.clock.monotonic()) {}

  bool is_over() const { return elapsed() >= limit_; }
  Duration elapsed() const { return context_.clock.monotonic() - begun_; }
  /// Sleeps; throws Error{interrupted} when the step is stopped meanwhile. `detail` goes behind what is waited for.
  void pause(Duration step, std::string_view detail = {});

 private:
  Context& context_;
  std::string what_;
  Duration limit_;
  Duration begun_;
};

/// Throws Error{interrupted} when the step was stopped.
void require_running(const Context& context);

}  // namespace baton::rollout
