// Loopback addresses that belong to one sandbox alone: a /24 for its pods, a /24 for its Services.
#pragma once

#include <mutex>
#include <set>
#include <string>

namespace baton::sandbox {

class Network {
 public:
  /// Claims two neighbouring /24 networks that no other sandbox on this machine has. Throws std::runtime_error when
  /// none is left.
  Network();
  ~Network();
  Network(const Network&) = delete;
  Network& operator=(const Network&) = delete;

  std::string new_pod_address();
  /// Addresses of Services are given back, so that deleting and creating does not run out.
  std::string new_service_address();
  void give_back(const std::string& service_address);
  /// Whether an address that a Service asks for lies in our network for Services and is free; it is taken then.
  bool take_service_address(const std::string& address);

 private:
  std::string address(int network, int host) const;

  std::mutex mutex_;
  int claim_ = -1;  ///< a socket: it keeps the claim as long as the process lives
  int second_ = 0;
  int third_ = 0;
  int last_pod_ = 0;
  std::set<int> services_;
};

}  // namespace baton::sandbox
