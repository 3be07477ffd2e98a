// The same work for many, some at once.
#pragma once

#include <cstddef>
#include <functional>

namespace baton {

/// Calls `work` with 0 … count - 1 from at most `workers` threads and waits for all. Whatever was thrown first in that
/// order is thrown again afterwards.
void in_parallel(std::size_t count, std::size_t workers, const std::function<void(std::size_t)>& work);

}  // namespace baton
