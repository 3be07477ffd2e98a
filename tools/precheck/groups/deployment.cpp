// SOP 2c, what would stop the deployment: found before the database is touched. switch refuses by the same obstacles.
#include <array>
#include <utility>

#include "common/rollout/refusals.h"
#include "tools/precheck/group.h"
#include "tools/precheck/look.h"
#include "tools/precheck/row.h"

namespace baton::precheck {

template <std::size_t at>
Observation observe_obstacle(const Look& look) {
  auto context = look.context();
  constexpr const auto& obstacle = rollout::kObstacles[at];
  auto found = rollout::hindrance(obstacle, context, look.live());
  if (!found) return {.outcome = Outcome::pass, .message = "nothing in the way"};
  return {.outcome = obstacle.critical ? Outcome::fail : Outcome::warn,
          .observed = std::move(found->observed),
          .message = std::move(found->message),
          .recovery = std::move(found->recovery)};
}

template <std::size_t at>
constexpr Check kObstacle{.id = rollout::kObstacles[at].id,
                          .sop = "2c",
                          .title = rollout::kObstacles[at].title,
                          .expected = [](const Config&) { return Expected("nothing in the way"); },
                          .critical = rollout::kObstacles[at].critical,
                          .observe = observe_obstacle<at>};

template <std::size_t... at>
constexpr auto with_obstacles(std::index_sequence<at...> /*all*/) {
  return std::array{BATON_ROW(Check, service_switchable),
                    &kObstacle<at>...,
                    BATON_ROW(Check, apis_served),
                    BATON_ROW(Check, deployment_admitted),
                    BATON_ROW(Check, probes),
                    BATON_ROW(Check, access_rights),
                    BATON_ROW(Check, digest_not_refused),
                    BATON_ROW(Check, notifications)};
}

constexpr auto kChecks = with_obstacles(std::make_index_sequence<rollout::kObstacles.size()>());

constexpr std::array<std::string_view, 2> kMendDeployment = {
    "Look why the cluster cannot be asked: its address, the pipeline's identity, its rights",
    "Run baton-precheck again"};

extern const Group deployment{
    .id = "deployment", .heading = "Deployment", .critical = true, .recovery = kMendDeployment, .checks = kChecks};

}  // namespace baton::precheck
