// SOP 1.6: connection pools are within their limits, with both colours.
#include "common/config/sections/precheck.h"
#include "common/config/sections/switch.h"
#include "tools/precheck/check.h"
#include "tools/precheck/pending_migrations.h"
#include "tools/precheck/pool_use.h"

namespace baton::precheck {
namespace {

/// A rolling update has one pod more at a time.
long long pods_beside(const Look& look) {
  if (look.config().rollout().strategy == "rolling") return 1;
  return look.next_deployment()["spec"]["replicas"].integer_or(1);
}

Observation observe(const Look& look) {
  const auto& capacity = look.config().precheck().capacity;
  const auto address = migrated_database(look);
  if (address.engine == database::Engine::sqlite)
    return {.outcome = Outcome::pass, .message = "SQLite is a file: it has no limit of connections"};
  const auto limits = pool_limits(address);
  std::optional<NextPods> next;
  if (capacity.pool > 0) next = {.pods = pods_beside(look), .pool = capacity.pool};
  return judged(limits, next, capacity.pool_use.value);
}

}  // namespace

extern const Check connection_pools{
    .id = "connection-pools",
    .sop = "1.6",
    .title = "Connection pools",
    .expected =
        [](const Config& config) {
          return Expected("<=", Measured(config.precheck().capacity.pool_use.value, "%"), "with the next colour");
        },
    .needs = "database.url",
    .critical = true,
    .part = "database",
    .part_needs = "database.url",
    .declared = WhenDeclared::settled,
    .observe = observe};

}  // namespace baton::precheck
