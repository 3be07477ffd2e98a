// The one gateway: takes every HTTPRoute and gives it an address, where new connections are shared by weight.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "tests/sandbox/network.h"
#include "tests/sandbox/store.h"
#include "tests/sandbox/tcp_front.h"

namespace baton::sandbox {

/// Real ones choose for each request; here a connection stays where it began.
class Gateway {
 public:
  Gateway(Store& store, Network& network, const Clock& clock) : store_(store), network_(network), clock_(clock) {}
  void sync();
  /// "http://127.x.y.z:80" of a route; empty while there is none.
  std::string url(const std::string& ns, const std::string& route) const;

 private:
  struct Front {
    std::string address;
    std::unique_ptr<TcpFront> tcp;
    std::vector<Backend> backends = {};
  };

  Front& front_of(const std::string& key);
  std::vector<Backend> backends_of(const Json& route, bool& is_resolved) const;
  void take(const Json& route, bool is_resolved);

  Store& store_;
  Network& network_;
  const Clock& clock_;
  mutable std::mutex mutex_;
  std::map<std::string, Front> fronts_;  ///< by "namespace/name"
};

}  // namespace baton::sandbox
