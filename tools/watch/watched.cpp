// Finds the move and its baseline: in the handoffs, else in the cluster.
#include "tools/watch/watched.h"

#include "common/config/sections/run.h"
#include "common/rollback/scope.h"
#include "common/rollout/live.h"
#include "common/rollout/workers.h"
#include "common/rollout/workload.h"
#include "common/step/announce.h"
#include "common/step/connect.h"

namespace baton::watch {
namespace {

constexpr const char* kOvertaken = " serves no more: a newer deployment took over";

/// What serves, from now on or from where an earlier look began.
rollout::Move move_of_live(Watched& watched) {
  const auto live = rollout::find_live(watched.context);
  rollout::Move move{.id = watched.env.release.id,
                     .version = watched.env.release.version,
                     .service = rollout::service_name(watched.env.config)};
  move.colour = live.colour;
  move.deployment = rollout::name_of(live.deployment);
  if (!rollout::is_deployment(live.deployment)) move.rolled = rollout::worker_of(watched.context, live.deployment);
  move.proved_at = remembered(watched.env, "watched_since").value_or(watched.env.clock.now());
  move.phase = rollout::Phase::kept;
  return move;
}

rollout::Move find_move(Watched& watched, const std::optional<rollout::Move>& recorded) {
  const auto& env = watched.env;
  if (const auto* handoff = find_step(env.earlier, "switch");
      handoff != nullptr && handoff->state.find("move") != nullptr) {
    return rollout::move_from_json(handoff->state["move"]);
  }
  if (recorded && !remembered(env, "watched_since")) return *recorded;
  watched.is_recorded = false;
  if (env.config.run().standalone) return move_of_live(watched);
  throw Error(ExitCode::unknown, "service '" + rollout::service_name(env.config) + "' records no switch to watch",
              "Run baton-switch first, or name the Service with kubernetes.service");
}

/// A store that is missing without a word is an error.
std::optional<prometheus::Client> find_store(const View& env) {
  return reason_without_metrics(env).empty() ? std::optional(connect_metrics(env)) : std::nullopt;
}

/// What switch measured before it moved the traffic; precheck's may be four hours older. Where nobody measured, the
/// stretch is still in the store. Without a switch it is what the pods that serve did before the watch began.
judge::Baseline find_baseline(Watched& watched) {
  const auto& env = watched.env;
  const auto* own = env.resumed && !watched.is_recorded ? &*env.resumed : nullptr;
  for (const auto* step : {find_step(env.earlier, "switch"), find_step(env.earlier, "precheck"), own}) {
    if (step != nullptr && step->state.find("baseline") != nullptr)
      return judge::baseline_from_json(step->state["baseline"]);
  }
  if (!watched.store) return {};
  const auto& move = watched.move;
  if (!watched.is_recorded)
    return judge::measure_baseline(*watched.store, env.config, watched.scope, start_of(move), env.stop);
  if (const auto recorded = rollback::recorded_baseline(move)) return *recorded;
  const auto before = rollback::scope_of(watched.context, move, rollback::Side::before);
  return judge::measure_baseline(*watched.store, env.config, before, move.patched_at.value_or(start_of(move)),
                                 env.stop);
}

}  // namespace

std::optional<Time> remembered(const View& env, std::string_view key) {
  return env.resumed ? parse_rfc3339(env.resumed->state[key].string_or("")) : std::nullopt;
}

Time start_of(const rollout::Move& move) {
  if (move.proved_at) return *move.proved_at;
  if (move.patched_at) return *move.patched_at;
  throw Error(ExitCode::unknown, "the recorded switch of '" + move.version + "' never moved traffic",
              "Run baton-switch again; it resumes or undoes what was begun");
}

Watched::Watched(Env& environment)
    : env(environment),
      kube(connect_cluster(env)),
      http(env.http()),
      store(find_store(env)),
      context(context_for(env, kube, http)) {
  const auto record = rollout::read_move_record(context);
  move = find_move(*this, record.move);
  follow(record);
  if (superseded) return;
  read_pods();
  baseline = find_baseline(*this);
}

void Watched::refresh(Duration pods_every) {
  const auto known = recorded_versions_;
  follow(rollout::read_move_record(context));
  const bool is_old = env.clock.monotonic() - pods_read_ >= pods_every;
  if (!superseded && (recorded_versions_ != known || is_old)) read_pods();
}

void Watched::follow(const rollout::MoveRecord& record) {
  recorded_versions_ = record.versions;
  superseded = record.move && record.move->id != move.id;
  if (record.move && !superseded && rollout::is_turned_back(record.move->phase)) move = *record.move;
}

std::vector<std::string> Watched::remembered_pods() const {
  std::vector<std::string> pods;
  if (!env.resumed) return pods;
  for (const auto& name : env.resumed->state["pods"].items_or_none()) {
    if (name.string_or("").starts_with(move.deployment + "-")) pods.push_back(name.string());
  }
  return pods;
}

void Watched::read_pods() {
  scope = rollback::scope_of(context, move, rollback::Side::after);
  pods_read_ = env.clock.monotonic();
}

StepResult superseded(const Watched& watched) {
  return {.verdict = Verdict::superseded, .summary = watched.move.version + kOvertaken};
}

bool is_overtaken(Watched& watched, const Error& error) {
  if (error.code() != ExitCode::handoff) return false;
  watched.refresh(Duration{0});
  if (watched.superseded)
    page(watched.env, "watch-rollback-ended", "Rollback of " + watched.move.version, watched.move.version + kOvertaken);
  return watched.superseded;
}

}  // namespace baton::watch
