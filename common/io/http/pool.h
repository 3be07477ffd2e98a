// Connections that wait for the next request to their origin.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "common/io/http/wire.h"

namespace baton {

/// Safe to use from several threads.
class Pool {
 public:
  /// One that is still fresh, nullptr when there is none.
  std::unique_ptr<Wire> take(const Route& route);
  void keep(const Route& route, std::unique_ptr<Wire> wire);

 private:
  std::mutex mutex_;
  std::map<std::string, std::vector<std::unique_ptr<Wire>>> kept_;
};

}  // namespace baton
