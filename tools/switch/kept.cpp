// The record of the end, and who hears of it.
#include "tools/switch/kept.h"

#include <fmt/format.h>

#include "common/config/sections/switch.h"
#include "common/core/units.h"
#include "common/rollout/retired.h"
#include "common/rollout/swap.h"
#include "common/step/announce.h"

namespace baton::cutover {
namespace {

/// Where `switch.keep` says so. Without it automatic rollback finds the old colour at its size.
void shrink_way_back(World& world, const rollout::Lease& lease, const rollout::Move& move) {
  const auto replicas = kept_replicas(world.env.config.rollout());
  if (replicas && !move.rolled) rollout::shrink_old(world.context, lease, move, *replicas);
}

}  // namespace

StepResult keep(World& world, rollout::Lease& lease, Attempt& attempt) {
  const auto verdict = decide(findings_of(attempt));
  auto& move = attempt.move;
  auto& context = world.context;
  if (verdict == Verdict::unknown) return unjudged(world, attempt, "serves");
  lease.remember({.id = move.id, .steps = Json::object({{"switch", verdict_name(verdict)}})});
  move.phase = rollout::Phase::kept;
  rollout::record_move(context, lease, move);
  shrink_way_back(world, lease, move);
  context.say(fmt::format("{} environment stable ({} monitoring)", colour_title(move),
                          to_words(world.env.config.rollout().soak)));
  context.say(fmt::format("Deployment {} complete {}", move.version,
                          outcome_mark(verdict == Verdict::proceed ? Outcome::pass : Outcome::warn)));
  const auto way_back = move.rolled ? "the image before is the way back"
                                    : fmt::format("'{}' stays as the way back", move.previous_deployment);
  const auto kept = fmt::format("'{}' serves {}; {}", move.deployment, move.version, way_back);
  announce(world.env, Audience::team,
           {.subject = fmt::format("{} {} serves {}", context.app, move.version, world.env.release.environment),
            .text = kept,
            .event = "switch-kept",
            .key = "switch-kept"});
  return result_of(world, attempt, verdict, kept);
}

StepResult kept_before(World& world, rollout::Lease& lease, Attempt& attempt) {
  rollout::complete_record(world.context, lease, attempt.move);
  shrink_way_back(world, lease, attempt.move);
  attempt.findings.push_back({.id = "switch-kept",
                              .sop = "2c.5",
                              .title = "The switch was finished by an earlier run",
                              .critical = true,
                              .outcome = Outcome::pass});
  return result_of(world, attempt, remembered_verdict(world),
                   fmt::format("'{}' serves {} already", attempt.move.deployment, attempt.move.version));
}

}  // namespace baton::cutover
