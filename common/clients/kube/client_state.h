// What copies of one kube client share.
#pragma once

#include "common/clients/kube/api_server.h"
#include "common/clients/kube/client.h"

namespace baton::kube {

struct Client::State {
  State(Cluster cluster, Environment environment, Clock& clock, HttpSettings http)
      : server(std::move(cluster), std::move(environment), clock, std::move(http)) {}
  ApiServer server;
};

}  // namespace baton::kube
