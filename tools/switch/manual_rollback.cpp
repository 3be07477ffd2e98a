// A person's rollback.
#include "tools/switch/manual_rollback.h"

#include <fmt/format.h>

#include "common/core/printable.h"
#include "common/rollout/acts.h"
#include "common/rollout/by_hand.h"
#include "common/rollout/lease.h"
#include "common/rollout/live.h"
#include "common/rollout/next.h"
#include "common/rollout/recorded_move.h"
#include "common/rollout/serving.h"
#include "common/step/report_head.h"
#include "tools/switch/left_open.h"
#include "tools/switch/rollback.h"

namespace baton::cutover {
namespace {

std::string person(const Options& options, const View& env) {
  const auto by = printable(options.by.empty() ? actor_of(env) : options.by, 100);
  return by.empty() ? "a person" : by;
}

rollout::Move move_to_undo(World& world) {
  if (auto move = rollout::recorded_move(world.context)) return *move;
  throw Error(
      ExitCode::stop,
      fmt::format("neither service '{}' nor lease '{}' records a switch: there is nothing to go back to",
                  rollout::service_name(world.env.config), rollout::lease_name(world.context)),
      "Look at the name and the namespace; a Service that Baton never switched goes back the way it was deployed.");
}

/// An adoption that never got to move traffic: what it changed is taken back, and no user is moved.
bool is_before_switch(World& world, const rollout::Move& move) {
  if (move.phase != rollout::Phase::adopting) return false;
  const auto selector = rollout::labels_from(rollout::find_service(world.context)["spec"]["selector"]);
  return selector == move.selector_original || selector == move.selector_before;
}

StepResult take_back(World& world, rollout::Move& move) {
  rollout::abandon(world.context, *world.context.lease, move);
  return {.verdict = Verdict::proceed,
          .summary = fmt::format("{} {} had not been given any traffic: {}; what was begun of it is taken back",
                                 world.context.app, move.version, rollout::who_serves(world.context))};
}

StepResult put_back(World& world, const rollout::Move& move, const Options& options) {
  Attempt attempt{.move = move};
  // Whoever pressed a button of the CI host wrote it: it may hold anything.
  const auto reason = options.reason.empty() ? "no reason given" : printable(options.reason, 1000);
  auto result = roll_back(world, attempt, reason, person(options, world.env));
  // What a person asked for and got is no failure of the job that made it (decisions 51).
  if (result.verdict == Verdict::rolled_back) result.code = ExitCode::proceed;
  return result;
}

StepResult undo_now(World& world, const rollout::Move& seen, const Options& options) {
  world.context.lease =
      std::make_shared<rollout::Lease>(rollout::Lease::acquire(world.context, rollout::Claim::take_over));
  auto move = rollout::recorded_move(world.context).value_or(seen);
  return is_before_switch(world, move) ? take_back(world, move) : put_back(world, move, options);
}

/// Of whatever stopped it: a person asked for this rollback, and goes on by hand.
StepResult failed(World& world, const rollout::Move& move, const Error& error) {
  const auto serving = rollout::who_serves(world.context);
  StepResult result{.verdict = Verdict::rollback_failed};
  if (move.phase == rollout::Phase::adopting) {
    result.summary = fmt::format("{} {} has no traffic, {}; what was begun of it could not be taken back: {}",
                                 world.context.app, move.version, serving, error.what());
    if (!error.hint().empty()) result.recovery.push_back(error.hint());
    result.recovery.push_back("Then again: " + rollout::rollback_command(world.context));
    return result;
  }
  result.summary = fmt::format("{} {} NOT ROLLED BACK, {}: {}", world.context.app, move.version, serving, error.what());
  result.recovery = rollout::by_hand(world.context, move);
  return result;
}

}  // namespace

StepResult manual_rollback(const Options& options, Env& env) {
  World look(env, "");
  const auto move = move_to_undo(look);
  env.release.id = move.id;
  env.release.version = move.version;
  if (env.is_dry_run()) {
    return {.verdict = Verdict::proceed,
            .summary = move.rolled ? fmt::format("Would put the image '{}' back into '{}'", move.previous_image,
                                                 move.deployment)
                                   : fmt::format("Would move '{}' back to '{}' and drain '{}'", move.service,
                                                 move.previous_deployment, move.deployment)};
  }
  World world(env, move.id);
  world.context.is_forced = true;
  try {
    return undo_now(world, move, options);
  } catch (const Error& error) {
    if (error.code() == ExitCode::error) throw;
    if (error.code() == ExitCode::interrupted) throw left_open(world, error);
    return failed(world, move, error);
  }
}

}  // namespace baton::cutover
