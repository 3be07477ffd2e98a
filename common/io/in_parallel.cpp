// Threads that take the next number.
#include "common/io/in_parallel.h"

#include <algorithm>
#include <atomic>
#include <exception>
#include <thread>
#include <vector>

namespace baton {

void in_parallel(std::size_t count, std::size_t workers, const std::function<void(std::size_t)>& work) {
  std::vector<std::exception_ptr> troubles(count);
  std::atomic<std::size_t> next = 0;
  const auto work_on = [&] {
    for (std::size_t at = next++; at < count; at = next++) {
      try {
        work(at);
      } catch (const std::exception&) {
        troubles[at] = std::current_exception();
      }
    }
  };
  {
    std::vector<std::jthread> threads;
    for (std::size_t i = 0; i < std::min(count, workers); ++i) threads.emplace_back(work_on);
  }
  const auto first = std::ranges::find_if(troubles, [](const auto& trouble) { return trouble != nullptr; });
  if (first != troubles.end()) std::rethrow_exception(*first);
}

}  // namespace baton
