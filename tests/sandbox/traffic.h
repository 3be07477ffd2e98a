// Counts what an app answered, in the words of Prometheus.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "common/core/time.h"

namespace baton::sandbox {

/// Safe to use from several threads.
class Traffic {
 public:
  void count(const std::string& method, int status, std::chrono::microseconds took);
  /// http_requests_total{method,status} and http_request_duration_seconds; `labels`, e.g. `pod="a",`, stand in every
  /// series.
  std::string exposition(std::string_view labels = {}) const;

 private:
  static constexpr std::array kBounds = {0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0};

  mutable std::mutex mutex_;
  std::map<std::pair<std::string, int>, std::uint64_t> requests_;
  std::array<std::uint64_t, kBounds.size()> buckets_{};  ///< each counts its own range only
  std::uint64_t total_ = 0;
  double seconds_ = 0;
};

}  // namespace baton::sandbox
