// The look at what is.
#include "tools/switch/status.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "common/core/finding_text.h"
#include "common/core/printable.h"
#include "common/core/text.h"
#include "common/rollout/endpoints.h"
#include "common/rollout/lease.h"
#include "common/rollout/live.h"
#include "common/rollout/next.h"
#include "common/rollout/recorded_move.h"
#include "common/rollout/rollback_readiness.h"
#include "common/step/connect.h"
#include "tools/switch/stages.h"
#include "tools/switch/world.h"

namespace baton::cutover {
namespace {

/// `of` is a Deployment's name, or the move for what has the release. `live` spares the request for what serves.
template <class Of>
rollout::Standing standing_of(World& world, const Of& of, const std::string& name,
                              const std::optional<rollout::Live>& live) {
  const bool serves = live && rollout::name_of(live->deployment) == name;
  if (!serves) return rollout::standing_of(world.context, of);
  return rollout::standing_of(world.context, std::optional(live->deployment));
}

Json deployment_state(const Config& config, const rollout::Standing& standing) {
  if (!standing.deployment) return Json();
  return Json::object({{"name", rollout::name_of(*standing.deployment)},
                       {"image", rollout::image_of(*standing.deployment, config)},
                       {"replicas", rollout::replicas_of(*standing.deployment)},
                       {"ready", standing.ready}});
}

std::string deployment_line(const Json& state, const std::string& role) {
  if (state.is_null()) return "";
  return fmt::format("{:<10} {} ({}/{} ready) {}\n", role, state["name"].string(), state["ready"].integer(),
                     state["replicas"].integer(), state["image"].string());
}

constexpr std::array kPhaseWords = {
    std::pair{rollout::Phase::adopting, "begun, no traffic switched"},
    std::pair{rollout::Phase::switching, "switched, not judged to its end"},
    std::pair{rollout::Phase::kept, "switched and kept"},
    std::pair{rollout::Phase::undoing, "its rollback is not finished"},
    std::pair{rollout::Phase::undone, "rolled back"},
};

std::string words_of(const rollout::Move& move) {
  if (move.phase == rollout::Phase::switching && move.share < kAll)
    return fmt::format("given {} % of the traffic, not judged to its end", move.share);
  std::string words =
      std::ranges::find(kPhaseWords, move.phase, &std::pair<rollout::Phase, const char*>::first)->second;
  // Whoever is woken asks that first.
  if (!rollout::is_turned_back(move.phase) || move.undo_by.empty()) return words;
  return fmt::format("{} by {}: {}", words, printable(move.undo_by), printable(move.undo_reason));
}

bool is_in_registry(const View& env, const std::string& image) {
  return connect_registry(env).resolve(registry::parse_reference(image), env.stop).has_value();
}

/// A line a question, and below what is not in order what to do about it.
std::string lines_of(const std::vector<Finding>& findings) {
  std::string lines;
  for (const auto& finding : findings) {
    lines += fmt::format("\n  {} {}", outcome_mark(finding.outcome), finding_line(finding));
    for (const auto& step : finding.recovery) lines += "\n     " + step;
  }
  return lines;
}

/// Empty where no rollback is offered.
std::string describe_way_back(World& world, const rollout::Move& move, rollout::WayBackFacts facts, Json& record) {
  if (!rollout::is_offered(move.phase)) return "";
  facts.has_image = [&world](const std::string& image) { return is_in_registry(world.env, image); };
  const auto findings = rollout::rollback_readiness(world.context, move, facts);
  const auto words = rollout::readiness_words(findings);
  record["way_back"] = Json::object(
      {{"state", words}, {"findings", json_list(findings, [](const Finding& one) { return to_json(one); })}});
  return fmt::format("\n{:<10} {}{}", "way back", words, lines_of(findings));
}

}  // namespace

StepResult status(const Options&, Env& env) {
  World world(env, "");
  auto& context = world.context;
  const auto record = rollout::read_move_record(context);
  const auto service = rollout::require_service(context, record.service);
  const auto live = rollout::try_find_live(context, service);
  StepResult result{.verdict = Verdict::proceed};
  const auto selector = rollout::selector_text(rollout::labels_from(service["spec"]["selector"]));
  const auto endpoints = rollout::ready_endpoints(rollout::slices_of(context, rollout::name_of(service))).size();
  result.summary = fmt::format("{:<10} {} selects {} ({} ready)\n", "service", rollout::name_of(service), selector,
                               count_text(static_cast<long long>(endpoints), "endpoint"));
  result.record = Json::object(
      {{"service", rollout::name_of(service)}, {"selector", service["spec"]["selector"]}, {"endpoints", endpoints}});
  result.record["live"] = rollout::live_description(live, env.config);
  rollout::WayBackFacts facts;
  if (const auto& move = record.move) {
    const auto& old = move->previous_deployment;
    facts = {.before = standing_of(world, old, old, live), .after = standing_of(world, *move, move->deployment, live)};
    const auto after = deployment_state(env.config, facts.after);
    const auto before = deployment_state(env.config, facts.before);
    result.summary += fmt::format("{:<10} {} {} ({})\n", "recorded", move->version, words_of(*move), move->id);
    result.summary += deployment_line(after, "new") + deployment_line(before, "old");
    result.record["move"] = rollout::to_json(*move);
    result.record["new"] = after;
    result.record["old"] = before;
  }
  const auto& lease = record.lease;
  const bool is_held = !lease.holder.empty() && lease.expires && *lease.expires > env.clock.now();
  result.summary +=
      fmt::format("{:<10} {}", "lease", is_held ? lease.holder + " until " + to_rfc3339(*lease.expires) : "free");
  if (is_held)
    result.record["lease"] = Json::object({{"holder", lease.holder}, {"expires", to_rfc3339(*lease.expires)}});
  if (record.move) result.summary += describe_way_back(world, *record.move, std::move(facts), result.record);
  return result;
}

}  // namespace baton::cutover
