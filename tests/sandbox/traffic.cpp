// Counters and a histogram as text.
#include "tests/sandbox/traffic.h"

#include <fmt/format.h>

namespace baton::sandbox {

void Traffic::count(const std::string& method, int status, std::chrono::microseconds took) {
  const double seconds = std::chrono::duration<double>(took).count();
  const std::scoped_lock lock(mutex_);
  ++requests_[{method, status}];
  ++total_;
  seconds_ += seconds;
  for (std::size_t i = 0; i < kBounds.size(); ++i) {
    if (seconds > kBounds[i]) continue;
    ++buckets_[i];
    break;
  }
}

std::string Traffic::exposition() const {
  const std::scoped_lock lock(mutex_);
  std::string text = "# TYPE http_requests_total counter\n";
  // A counter that is there from the beginning: the first error is an increase, not a new series.
  if (!requests_.contains({"GET", 500})) text += "http_requests_total{method=\"GET\",status=\"500\"} 0\n";
  for (const auto& [key, value] : requests_) {
    text += fmt::format("http_requests_total{{method=\"{}\",status=\"{}\"}} {}\n", key.first, key.second, value);
  }
  text += "# TYPE http_request_duration_seconds histogram\n";
  std::uint64_t below = 0;
  for (std::size_t i = 0; i < kBounds.size(); ++i) {
    below += buckets_[i];
    text += fmt::format("http_request_duration_seconds_bucket{{le=\"{}\"}} {}\n", kBounds[i], below);
  }
  text += fmt::format(
      "http_request_duration_seconds_bucket{{le=\"+Inf\"}} {0}\nhttp_request_duration_seconds_count {0}\n", total_);
  return text + fmt::format("http_request_duration_seconds_sum {}\n", seconds_);
}

}  // namespace baton::sandbox
