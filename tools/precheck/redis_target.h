// The Redis of the configuration, as two checks ask it.
#pragma once

#include "common/clients/redis/client.h"
#include "tools/precheck/look.h"

namespace baton::precheck {

inline constexpr std::string_view kRedisKey = "precheck.infrastructure.redis";

/// Connected. Throws as redis::Client does.
redis::Client connect_redis(const Look& look);

}  // namespace baton::precheck
