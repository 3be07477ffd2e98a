// Connections that wait for the next request to their origin.
#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "common/io/http/wire.h"

namespace baton {

/// Keeps as many connections to an origin as there were requests to it at once, so that all of them find one again.
/// Safe to use from several threads.
class Pool {
 private:
  struct Origin;

 public:
  enum class Reuse { allowed, forbidden };

  /// One request, from its look for a connection until it is done with it.
  class Turn {
   public:
    /// `pool` must outlive it.
    Turn(Pool& pool, const Route& route, Reuse reuse);
    ~Turn();
    Turn(const Turn&) = delete;
    Turn& operator=(const Turn&) = delete;

    /// The connection that was used last and is still fresh; nullptr when there is none, or it may not be reused.
    std::unique_ptr<Wire> take() { return std::move(found_); }
    /// Ends the turn: the connection waits for the next one.
    void keep(std::unique_ptr<Wire> wire);

   private:
    Pool& pool_;
    Origin* origin_ = nullptr;
    std::unique_ptr<Wire> found_;
    bool is_over_ = false;
  };

 private:
  struct Origin {
    std::vector<std::unique_ptr<Wire>> idle = {};  ///< the longest unused first
    std::size_t running = 0;
    std::size_t most = 0;  ///< that ever ran at once
  };

  std::mutex mutex_;
  std::map<std::string, Origin> origins_;
};

}  // namespace baton
