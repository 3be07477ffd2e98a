// From the configuration to a connection.
#include "tools/precheck/redis_target.h"

#include "common/config/sections/precheck.h"
#include "common/core/secrets.h"

namespace baton::precheck {

redis::Client connect_redis(const Look& look) {
  const auto& endpoint = look.config().precheck().infrastructure.redis;
  auto address = redis::parse_address(endpoint.url);
  if (address.password.empty()) {
    keep_secret(endpoint.token);
    address.password = endpoint.token;
  }
  return redis::Client({.address = address, .tls = tls_for(endpoint), .origin = look.origin(std::string(kRedisKey))},
                       look.stop());
}

}  // namespace baton::precheck
