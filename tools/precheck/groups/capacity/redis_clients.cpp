// SOP 1.6: connection pool limits (database, Redis).
#include <fmt/format.h>

#include "common/config/sections/precheck.h"
#include "common/core/units.h"
#include "tools/precheck/check.h"
#include "tools/precheck/redis_target.h"

namespace baton::precheck {
namespace {

Observation observe(const Look& look) {
  auto client = connect_redis(look);
  const auto info = client.info();
  const auto percent = info.clients_percent();
  if (!percent) {
    throw Error(ExitCode::unknown,
                "how many clients it may have is not known: INFO says no connected_clients of maxclients",
                "Let somebody look at maxclients who may, and declare precheck.not_applicable.redis-clients.");
  }
  const auto limit = look.config().precheck().capacity.pool_use.value;
  Observation seen{.outcome = *percent > limit ? Outcome::warn : Outcome::pass, .observed = Measured(*percent, "%")};
  seen.message =
      fmt::format("{} of {} clients are connected ({} %)", *info.clients, *info.max_clients, number_text(*percent, 1));
  if (info.rejected.value_or(0) > 0)
    seen.message += fmt::format("; {} were turned away since it started", *info.rejected);
  if (seen.outcome == Outcome::warn)
    seen.recovery = {
        "Raise maxclients, or let the application's pools hold fewer connections: both versions connect "
        "during the release."};
  return seen;
}

}  // namespace

extern const Check redis_clients{.id = "redis-clients",
                                 .sop = "1.6",
                                 .title = "Redis clients",
                                 .expected =
                                     [](const Config& config) {
                                       return Expected("<=", Measured(config.precheck().capacity.pool_use.value, "%"),
                                                       "of maxclients");
                                     },
                                 .needs = kRedisKey,
                                 .part = "redis",
                                 .part_needs = kRedisKey,
                                 .declared = WhenDeclared::settled,
                                 .observe = observe};

}  // namespace baton::precheck
