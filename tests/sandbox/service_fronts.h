// One TCP front for every port of every Service, kept up with its EndpointSlices as kube-proxy would: a little late.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "tests/sandbox/recorder.h"
#include "tests/sandbox/store.h"
#include "tests/sandbox/tcp_front.h"

namespace baton::sandbox {

/// The pods that a port of the Service leads to.
std::vector<Backend> backends_behind(const Store& store, const Json& service, const Json& port);

class ServiceFronts {
 public:
  /// `delay` passes between a change of the slices and the data plane's following it.
  ServiceFronts(Store& store, const Clock& clock, Duration delay)
      : store_(store), clock_(clock), recorder_(store, clock, "kube-proxy"), delay_(delay) {}
  void sync();

 private:
  struct Front {
    std::unique_ptr<TcpFront> tcp;
    std::vector<Backend> backends = {};  ///< in force
    std::vector<Backend> wanted = {};
    Time changed_at = {};
  };

  void open(const std::string& place, const Json& service, int port);
  void follow(Front& front, std::vector<Backend> wanted);

  Store& store_;
  const Clock& clock_;
  Recorder recorder_;
  Duration delay_;
  std::map<std::string, Front> fronts_;  ///< by "address:port"; without `tcp`: the address could not be had
};

}  // namespace baton::sandbox
