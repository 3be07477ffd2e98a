// Finds the move and its baseline: in the handoffs, else in the cluster.
#include "tools/watch/subject.h"

#include "common/cli/connect.h"

namespace baton::watch {
namespace {

const Handoff* step_of(const Env& env, std::string_view step) {
  for (const auto& handoff : env.earlier) {
    if (handoff.step == step) return &handoff;
  }
  return nullptr;
}

rollout::Move find_move(Env& env, const std::optional<rollout::Move>& recorded) {
  if (const auto* handoff = step_of(env, "switch"); handoff != nullptr && handoff->state.find("move") != nullptr) {
    return rollout::move_from_json(handoff->state["move"]);
  }
  if (recorded) return *recorded;
  throw Error(ExitCode::unknown, "service '" + rollout::service_name(env.config) + "' records no switch to watch",
              "Run baton-switch first, or name the Service with kubernetes.service");
}

/// Standalone, nobody measured before the switch: the stretch is still in the store.
judge::Baseline find_baseline(Subject& subject) {
  const auto& env = subject.env;
  for (const auto* step : {step_of(env, "precheck"), step_of(env, "switch")}) {
    if (step != nullptr && step->state.find("baseline") != nullptr)
      return judge::baseline_from_json(step->state["baseline"]);
  }
  const auto& move = subject.move;
  const judge::Scope before{.app = env.config.app,
                            .namespace_ = subject.kube.namespace_name(),
                            .colour = move.previous_colour,
                            .version = {},
                            .deployment = move.previous_deployment,
                            .pods = rollout::pods_of(subject.context, move.previous_deployment)};
  return judge::measure_baseline(subject.store, env.config, before, move.patched_at.value_or(start_of(move)), env.stop);
}

}  // namespace

Time start_of(const rollout::Move& move) {
  if (move.proved_at) return *move.proved_at;
  if (move.patched_at) return *move.patched_at;
  throw Error(ExitCode::unknown, "the recorded switch of '" + move.version + "' never moved traffic",
              "Run baton-switch again; it resumes or undoes what was begun");
}

Subject::Subject(Env& environment)
    : env(environment),
      kube(connect_cluster(env)),
      http(env.http()),
      store(connect_metrics(env)),
      context(context_for(env, kube, http)) {
  const auto recorded = rollout::recorded_move(context);
  move = find_move(env, recorded);
  superseded = recorded && recorded->id != move.id;
  if (recorded && !superseded && recorded->phase >= rollout::Phase::undoing) move = *recorded;
  if (!superseded) baseline = find_baseline(*this);
}

judge::Scope Subject::scope() {
  return {.app = env.config.app,
          .namespace_ = kube.namespace_name(),
          .colour = move.colour,
          .version = move.version,
          .deployment = move.deployment,
          .pods = rollout::pods_of(context, move.deployment)};
}

}  // namespace baton::watch
