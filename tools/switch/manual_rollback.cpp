// A person's rollback.
#include "tools/switch/manual_rollback.h"

#include <fmt/format.h>

#include "common/core/text.h"
#include "common/rollout/endpoints.h"
#include "common/rollout/lease.h"
#include "common/rollout/live.h"
#include "common/rollout/next.h"
#include "common/rollout/recorded_move.h"
#include "tools/switch/rollback.h"

namespace baton::cutover {
namespace {

std::string person(const Options& options, const View& env) {
  if (!options.by.empty()) return options.by;
  return env.run.actor.empty() ? env.environment.value_or("USER", "a person") : env.run.actor;
}

rollout::Move move_to_undo(World& world) {
  if (auto move = rollout::recorded_move(world.context)) return *move;
  throw Error(ExitCode::stop,
              fmt::format("neither service '{}' nor lease '{}' records a switch: there is nothing to go back to",
                          rollout::service_name(world.env.config), rollout::lease_name(world.context)),
              "Point the Service's selector at the release you want with kubectl patch service.");
}

}  // namespace

StepResult manual_rollback(const Options& options, Env& env) {
  World look(env, "");
  const auto move = move_to_undo(look);
  env.release.id = move.id;
  env.release.version = move.version;
  if (env.is_dry_run()) {
    return {.verdict = Verdict::proceed,
            .summary = fmt::format("Would move '{}' back to '{}' and drain '{}'", move.service,
                                   move.previous_deployment, move.deployment)};
  }
  World world(env, move.id);
  world.context.is_forced = true;
  world.context.lease =
      std::make_shared<rollout::Lease>(rollout::Lease::acquire(world.context, rollout::Claim::take_over));
  Attempt attempt{.move = rollout::recorded_move(world.context).value_or(move)};
  auto result = roll_back(world, attempt, options.reason.empty() ? "asked for by a person" : options.reason,
                          person(options, env));
  // What a person asked for and got is no failure of the job that made it (decisions 51).
  if (result.verdict == Verdict::rolled_back) result.code = ExitCode::proceed;
  return result;
}

}  // namespace baton::cutover
