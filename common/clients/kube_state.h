// What copies of one kube client share.
#pragma once

#include "common/clients/kube.h"
#include "common/clients/kube_session.h"

namespace baton::kube {

struct Client::State {
  State(Cluster cluster, Environment environment, Clock& clock, HttpSettings http)
      : session(std::move(cluster), std::move(environment), clock, std::move(http)) {}
  Session session;
};

}  // namespace baton::kube
