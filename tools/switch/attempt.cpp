// From an attempt to the step's result.
#include "tools/switch/attempt.h"

#include <fmt/format.h>

#include <algorithm>

#include "common/core/units.h"
#include "common/rollout/by_hand.h"
#include "common/rollout/copies.h"
#include "common/rollout/lease.h"
#include "common/rollout/named_objects.h"
#include "common/rollout/next.h"
#include "common/rollout/pods.h"
#include "common/step/announce.h"

namespace baton::cutover {
namespace {

/// Null when the workload is not there; without numbers when the cluster cannot be asked.
Json colour_state(World& world, const kube::Resource& kind, const std::string& colour, const std::string& deployment) {
  auto state = Json::object({{"colour", colour}, {"deployment", deployment}});
  try {
    const auto found = world.kube.find(kind, deployment, world.context.stop);
    if (!found) return Json();
    state["ready"] = rollout::ready_pods(world.context, *found).size();
    state["replicas"] = rollout::replicas_of(*found);
    state["config_maps"] = rollout::to_json(rollout::contents_then(*found));
    state["secrets"] = json_list(rollout::secrets_of(*found));
  } catch (const Error& error) {
    if (error.code() != ExitCode::unknown) throw;
  }
  return state;
}

}  // namespace

std::vector<Finding> findings_of(const Attempt& attempt) {
  std::vector<Finding> latest;
  const auto add = [&](const Finding& finding) {
    std::erase_if(latest, [&](const Finding& one) { return one.id == finding.id && one.title == finding.title; });
    latest.push_back(finding);
  };
  std::ranges::for_each(attempt.findings, add);
  std::ranges::for_each(attempt.judged, add);
  return latest;
}

bool has_share(const rollout::Move& move) {
  return move.phase == rollout::Phase::switching && (move.share < rollout::kAll || move.rolled.has_value());
}

Json findings_json(const Attempt& attempt) {
  return json_list(findings_of(attempt), [](const Finding& finding) { return to_json(finding); });
}

std::string last_failure(const Attempt& attempt) {
  const auto& all = attempt.findings;
  const auto found =
      std::find_if(all.rbegin(), all.rend(), [](const Finding& one) { return one.outcome == Outcome::fail; });
  return found == all.rend() ? "" : found->message;
}

Json state_of(World& world, const Attempt& attempt) {
  const auto& move = attempt.move;
  const auto before = colour_state(world, kube::kDeployments, move.previous_colour, move.previous_deployment);
  auto state = Json::object({{"move", rollout::to_json(move)},
                             {"new", colour_state(world, rollout::workloads_of(move), move.colour, move.deployment)},
                             {"old", before},
                             {"rollback_ready", before["ready"].integer_or(0)},
                             {"times", attempt.times},
                             {"proved_from", attempt.proved_from}});
  if (attempt.baseline) state["baseline"] = judge::to_json(*attempt.baseline);
  if (!attempt.session.is_null()) state["session"] = attempt.session;
  if (!attempt.downtime.is_null()) state["downtime"] = attempt.downtime;
  if (attempt.residual) state["residual_per_second"] = number_text(*attempt.residual);
  return state;
}

StepResult result_of(World& world, const Attempt& attempt, Verdict verdict, std::string summary) {
  return {.verdict = verdict,
          .findings = findings_of(attempt),
          .state = state_of(world, attempt),
          .evidence = attempt.evidence,
          .artifacts = attempt.artifacts,
          .summary = std::move(summary)};
}

Verdict remembered_verdict(World& world) {
  auto ledger = rollout::read_lease(world.context).ledger;
  const auto own = std::ranges::find(ledger, world.context.id, &rollout::LedgerEntry::id);
  return own == ledger.end() ? Verdict::caution : verdict_from(own->steps["switch"].string_or("caution"));
}

StepResult unjudged(World& world, const Attempt& attempt, std::string_view serves) {
  const auto& move = attempt.move;
  const auto text = fmt::format("'{}' {} {}, and nobody could judge it; run again, or go back with: {}",
                                move.deployment, serves, move.version, rollout::rollback_command(world.context));
  page(world.env, "switch-unjudged", fmt::format("{} {} unjudged", move.version, serves), text);
  return result_of(world, attempt, Verdict::unknown, text);
}

StepResult left_unjudged(World& world, Attempt& attempt, const Error& error) {
  attempt.findings.push_back({.id = "switch-judged",
                              .sop = "2c.3",
                              .title = "The switch could be judged",
                              .critical = true,
                              .message = error.what(),
                              .recovery = {error.hint()}});
  return unjudged(world, attempt, "may serve");
}

}  // namespace baton::cutover
