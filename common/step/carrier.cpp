// Between folder, ConfigMap and Lease.
#include "common/step/carrier.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "common/config/sections/watch.h"
#include "common/io/stop_after.h"
#include "common/rollout/lease.h"
#include "common/step/connect.h"
#include "common/step/decision.h"

namespace baton {
namespace {

using rollout::LedgerEntry;

constexpr Duration kToCarry = std::chrono::seconds(30);
constexpr Duration kLastWord = std::chrono::seconds(5);  // of a run that is stopped: its host waits ten, and kills then

struct Cluster {
  explicit Cluster(Env& env) : kube(connect_cluster(env)), http(env.http()), context(context_for(env, kube, http)) {}
  kube::Client kube;
  HttpClient http;
  rollout::Context context;
};

std::string name_of(const LedgerEntry& entry) { return fmt::format("{} (deployment '{}')", entry.version, entry.id); }

std::string state_of(const LedgerEntry& entry, std::string_view step) { return entry.steps[step].string_or(""); }

/// Until when a release is watched, as it was proved to serve.
Time window_end(const View& env, const LedgerEntry& entry) {
  const auto& watch = env.config.watch();
  return entry.proved_at.value_or(env.started_at) + watch.intensive.length + watch.passive.length;
}

/// Whether the step has nothing left to do. A watch that could not decide has until the window's end; a rollback that
/// failed is nobody's end.
bool has_ended(const View& env, const LedgerEntry& entry, std::string_view step) {
  const auto state = state_of(entry, step);
  if (state.empty()) return step == "watch" && state_of(entry, "switch") == "rolled-back";
  const auto verdict = verdict_from(state);
  if (verdict == Verdict::rollback_failed || verdict == Verdict::again) return false;
  return is_final(verdict) || (step == "watch" && window_end(env, entry) <= env.started_at);
}

Carried answered(Verdict verdict, std::string why, std::optional<Time> again = {}) {
  return {.answer = StepResult{.verdict = verdict, .summary = std::move(why), .run_again_at = again}};
}

bool is_held(const View& env, const rollout::LeaseRecord& lease) {
  return !lease.holder.empty() && lease.expires && *lease.expires > env.started_at;
}

/// The latest release that went live, where it is none that is carried.
const LedgerEntry* uncarried(const rollout::LeaseRecord& lease) {
  for (auto entry = lease.ledger.rbegin(); entry != lease.ledger.rend(); ++entry) {
    if (entry->handoffs.size() > 0) return nullptr;
    if (entry->proved_at) return &*entry;
  }
  return nullptr;
}

/// It may serve, and nobody without its files can look after it: silence would be a yes.
Carried of_uncarried(const View& env, const rollout::LeaseRecord& lease, const LedgerEntry& entry,
                     std::string_view step) {
  if (is_held(env, lease)) return answered(Verdict::again, name_of(entry) + " is being deployed", lease.expires);
  const bool is_back = step == "watch" && !state_of(entry, "rollback").empty();
  if (is_back || has_ended(env, entry, step))
    return answered(Verdict::proceed, fmt::format("nothing is open: {} has ended", name_of(entry)));
  throw Error(ExitCode::handoff, name_of(entry) + " went live, and the cluster does not carry its handoffs",
              fmt::format("Run baton-{} where its files are; the next baton-switch run carries them again.", step));
}

/// Finalize has nothing to do while the release is watched. A watch that nobody goes on with holds it up no longer than
/// that.
bool must_wait(const View& env, const LedgerEntry& entry, std::string_view step) {
  constexpr Duration kLastTick = std::chrono::hours(1);  // schedules are late
  return step == "finalize" && !has_ended(env, entry, "watch") && window_end(env, entry) + kLastTick > env.started_at;
}

Carried of_open(Env& env, rollout::Context& context, const LedgerEntry& entry, std::string_view step,
                const Snapshot& found) {
  if (has_ended(env, entry, step)) {
    const auto state = state_of(entry, step);
    return answered(Verdict::proceed, fmt::format("nothing is open: {} of {} ended{}{}", step, name_of(entry),
                                                  state.empty() ? "" : ": ", state));
  }
  if (must_wait(env, entry, step))
    return answered(Verdict::again, name_of(entry) + " is still watched",
                    std::max(window_end(env, entry), env.started_at + std::chrono::minutes(5)));
  Carried carried{.id = entry.id, .version = entry.version};
  const auto before = found.last_before(step);
  const bool is_here = !before.empty() && found.handoff(before)->release.id == entry.id;
  if (!is_here) carried.files = rollout::take_carried(context, entry.id);
  return carried;
}

/// A release that somebody named, and of which the folder has nothing.
Carried of_named(Env& env, rollout::Context& context, const rollout::LeaseRecord& lease, std::string_view step,
                 const Snapshot& found) {
  const auto carried = rollout::carried_deployment(lease);
  if (carried && carried->version == env.release.version) return of_open(env, context, *carried, step, found);
  const bool was_live = std::ranges::any_of(lease.ledger, [&](const LedgerEntry& entry) {
    return entry.version == env.release.version && entry.proved_at && carried && carried->proved_at > entry.proved_at;
  });
  if (was_live)
    return answered(Verdict::superseded, fmt::format("{} was overtaken by {}", env.release.version, name_of(*carried)));
  env.log.warning(fmt::format("the cluster carries no handoffs of {}", env.release.version));
  return {};
}

/// The step's own handoff; of switch with those before it.
rollout::Files files_of(const HandoffFolder& folder, std::string_view step) {
  rollout::Files files;
  for (const std::string_view other : kSteps) {
    const bool is_carried = other == step || (step == "switch" && step_number(other) < step_number(step));
    if (!is_carried) continue;
    auto file = folder.previous_file(other);
    if (!file.bytes) continue;
    files.emplace(folder.file(other).filename(), std::move(*file.bytes));
    if (file.bundle) files.emplace(folder.bundle(other).filename(), std::move(*file.bundle));
  }
  return files;
}

void put(Env& env, std::string_view step, const HandoffFolder& folder, const StepResult& result) {
  Cluster cluster(env);
  // Also of a run that is stopped: what it did is done.
  const StopAfter limit(cluster.context.stop.stop_requested() ? kLastWord : kToCarry, {});
  cluster.context.stop = limit.token();
  LedgerEntry entry{.id = env.release.id};
  // Switch writes down its own end while it holds the Lease.
  if (step == "switch") {
    const bool is_back = result.verdict == Verdict::rolled_back || result.verdict == Verdict::rollback_failed;
    return rollout::carry(cluster.context, entry, files_of(folder, step),
                          is_back ? rollout::Carry::undone : rollout::Carry::begin);
  }
  entry.steps[step] = verdict_name(result.verdict);
  const bool is_last = step == "finalize" && is_final(result.verdict);
  rollout::carry(cluster.context, entry, files_of(folder, step),
                 is_last ? rollout::Carry::finish : rollout::Carry::go_on);
}

/// A switch that moved no traffic leaves nothing to look after. Whether a release is overtaken is asked anew each time:
/// the newer one may not come to serve.
bool is_worth_carrying(std::string_view step, const StepResult& result) {
  if (step == "switch") return !result.state["move"]["patched_at"].is_null();
  return result.verdict != Verdict::superseded;
}

}  // namespace

Carried fetch_carried(Env& env, std::string_view step, const Snapshot& found) {
  const bool has_files = step == "watch" ? found.has("switch") : !found.last_before(step).empty();
  if (env.is_standalone() || (has_files && !env.release.version.empty())) return {};
  Cluster cluster(env);
  const auto lease = rollout::read_lease(cluster.context);
  if (env.is_release_named) return of_named(env, cluster.context, lease, step, found);
  const auto carried = rollout::carried_deployment(lease);
  if (!carried && has_files) return {};
  if (const auto* live = uncarried(lease)) return of_uncarried(env, lease, *live, step);
  if (carried) return of_open(env, cluster.context, *carried, step, found);
  return answered(Verdict::proceed, fmt::format("nothing is open: lease '{}' remembers no release",
                                                rollout::lease_name(cluster.context)));
}

void put_carried(Env& env, std::string_view step, const HandoffFolder& folder, const StepResult& result) {
  if (env.is_dry_run() || !is_worth_carrying(step, result)) return;
  try {
    put(env, step, folder, result);
  } catch (const Error& error) {
    env.log.warning(fmt::format("no CronJob or scheduled job can go on from here: {}", error.what()));
    if (!error.hint().empty()) env.log.after(LogLevel::warning, "hint", error.hint());
  }
}

}  // namespace baton
