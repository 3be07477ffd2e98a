// The look at what is.
#include "tools/switch/status.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "common/core/text.h"
#include "common/rollout/endpoints.h"
#include "common/rollout/lease.h"
#include "common/rollout/live.h"
#include "common/rollout/next.h"
#include "common/rollout/recorded_move.h"
#include "tools/switch/stages.h"
#include "tools/switch/world.h"

namespace baton::cutover {
namespace {

/// `live` spares the request for the Deployment that serves.
Json deployment_state(World& world, const std::string& name, const std::optional<rollout::Live>& live) {
  const bool serves = live && rollout::name_of(live->deployment) == name;
  const auto found =
      serves ? std::optional(live->deployment) : world.kube.find(kube::kDeployments, name, world.context.stop);
  if (!found) return Json();
  const auto pods = rollout::owned_pods(world.context, *found);
  return Json::object({{"name", name},
                       {"image", rollout::image_of(*found, world.env.config)},
                       {"replicas", rollout::replicas_of(*found)},
                       {"ready", rollout::ready_pods(pods).size()}});
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
  return std::ranges::find(kPhaseWords, move.phase, &std::pair<rollout::Phase, const char*>::first)->second;
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
  if (const auto& move = record.move) {
    const auto after = deployment_state(world, move->deployment, live);
    const auto before = deployment_state(world, move->previous_deployment, live);
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
  return result;
}

}  // namespace baton::cutover
