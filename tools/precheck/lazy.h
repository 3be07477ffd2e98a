// A value that is made when it is first asked for.
#pragma once

#include <mutex>
#include <optional>

namespace baton::precheck {

/// Safe from several threads. What `make` throws comes through, and the next one to ask tries again.
template <typename T>
class Lazy {
 public:
  template <typename Make>
  T& get(Make make) {
    const std::scoped_lock lock(mutex_);
    if (!value_) value_.emplace(make());
    return *value_;
  }

 private:
  std::mutex mutex_;
  std::optional<T> value_;
};

}  // namespace baton::precheck
