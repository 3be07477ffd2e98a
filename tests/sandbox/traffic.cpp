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

std::string Traffic::exposition(std::string_view labels) const {
  const std::scoped_lock lock(mutex_);
  std::string text;
  const auto add = [&](const char* method, int status, std::uint64_t value) {
    text += fmt::format("http_requests_total{{{}method=\"{}\",status=\"{}\"}} {}\n", labels, method, status, value);
  };
  // A counter that is there from the beginning: the first error is an increase, not a new series.
  if (!requests_.contains({"GET", 500})) add("GET", 500, 0);
  for (const auto& [key, value] : requests_) add(key.first.c_str(), key.second, value);
  const auto add_bucket = [&](const std::string& bound, std::uint64_t value) {
    text += fmt::format("http_request_duration_seconds_bucket{{{}le=\"{}\"}} {}\n", labels, bound, value);
  };
  std::uint64_t below = 0;
  for (std::size_t i = 0; i < kBounds.size(); ++i) add_bucket(fmt::format("{}", kBounds[i]), below += buckets_[i]);
  add_bucket("+Inf", total_);
  return text +
         fmt::format("http_request_duration_seconds_count{{{0}}} {1}\nhttp_request_duration_seconds_sum{{{0}}} {2}\n",
                     labels, total_, seconds_);
}

}  // namespace baton::sandbox
