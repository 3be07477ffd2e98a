// A stop token that also stops when a time is over.
#pragma once

#include <functional>
#include <stop_token>
#include <thread>

#include "common/io/clock.h"

namespace baton {

/// Requests its stop after `limit` of real time, or when `parent` does.
class StopAfter {
 public:
  StopAfter(Duration limit, std::stop_token parent)
      : on_parent_(std::move(parent), [this] { source_.request_stop(); }), timer_([this, limit](std::stop_token stop) {
          SystemClock clock;
          if (clock.sleep_for(limit, stop)) source_.request_stop();
        }) {}
  std::stop_token token() const { return source_.get_token(); }

 private:
  std::stop_source source_;
  std::stop_callback<std::function<void()>> on_parent_;
  std::jthread timer_;
};

}  // namespace baton
