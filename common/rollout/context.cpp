// Names that follow from the configuration.
#include "common/rollout/context.h"

#include "common/config/sections/kubernetes.h"

namespace baton::rollout {

const std::string& service_name(const Config& config) {
  return config.kubernetes().service.empty() ? config.app : config.kubernetes().service;
}

}  // namespace baton::rollout
