// A person's rollback, and the look at what is.
#include <fmt/format.h>

#include "common/core/text.h"
#include "common/rollout/endpoints.h"
#include "common/rollout/lease.h"
#include "common/rollout/live.h"
#include "common/rollout/next.h"
#include "tools/switch/retreat.h"
#include "tools/switch/switch.h"

namespace baton::cutover {
namespace {

std::string person(const Options& options, const Env& env) {
  if (!options.by.empty()) return options.by;
  return env.run.actor.empty() ? env.environment.value_or("USER", "a person") : env.run.actor;
}

rollout::Move move_to_undo(Passage& passage) {
  if (auto move = rollout::recorded_move(passage.context)) return *move;
  throw Error(ExitCode::stop,
              fmt::format("neither service '{}' nor lease '{}' records a switch: there is nothing to go back to",
                          rollout::service_name(passage.env.config), rollout::lease_name(passage.context)),
              "Point the Service's selector at the release you want with kubectl patch service.");
}

Json deployment_state(Passage& passage, const std::string& name) {
  const auto found = passage.kube.find(kube::kDeployments, name, passage.context.stop);
  if (!found) return Json();
  const auto pods = rollout::owned_pods(passage.context, *found);
  return Json::object({{"name", name},
                       {"image", rollout::image_of(*found, passage.env.config)},
                       {"replicas", rollout::replicas_of(*found)},
                       {"ready", rollout::ready_pods(pods).size()}});
}

std::string deployment_line(const Json& state, const std::string& role) {
  if (state.is_null()) return "";
  return fmt::format("{:<10} {} ({}/{} ready) {}\n", role, state["name"].string(), state["ready"].integer(),
                     state["replicas"].integer(), state["image"].string());
}

}  // namespace

StepResult roll_back_by_hand(const Options& options, Env& env) {
  Passage look(env, "");
  const auto move = move_to_undo(look);
  env.release.id = move.id;
  env.release.version = move.version;
  if (env.is_dry_run()) {
    return {.verdict = Verdict::proceed,
            .summary = fmt::format("Would move '{}' back to '{}' and drain '{}'", move.service,
                                   move.previous_deployment, move.deployment)};
  }
  Passage passage(env, move.id);
  passage.context.is_forced = true;
  passage.context.lease =
      std::make_shared<rollout::Lease>(rollout::Lease::acquire(passage.context, rollout::Claim::take_over));
  Course course{.move = rollout::recorded_move(passage.context).value_or(move)};
  return roll_back(passage, course, options.reason.empty() ? "asked for by a person" : options.reason,
                   person(options, env));
}

StepResult status(const Options&, Env& env) {
  Passage passage(env, "");
  auto& context = passage.context;
  const auto service = rollout::find_service(context);
  const auto lease = rollout::read_lease(context);
  const auto move = rollout::recorded_move(context);
  StepResult result{.verdict = Verdict::proceed};
  const auto selector = rollout::selector_text(rollout::labels_from(service["spec"]["selector"]));
  const auto endpoints = rollout::ready_endpoints(rollout::slices_of(context, rollout::name_of(service))).size();
  result.summary = fmt::format("{:<10} {} selects {} ({} ready)\n", "service", rollout::name_of(service), selector,
                               count_text(static_cast<long long>(endpoints), "endpoint"));
  result.record = Json::object(
      {{"service", rollout::name_of(service)}, {"selector", service["spec"]["selector"]}, {"endpoints", endpoints}});
  result.record["live"] = rollout::live_description(context);
  if (move) {
    const auto after = deployment_state(passage, move->deployment);
    const auto before = deployment_state(passage, move->previous_deployment);
    result.summary +=
        fmt::format("{:<10} {} {} ({})\n", "recorded", move->version, rollout::phase_name(move->phase), move->id);
    result.summary += deployment_line(after, "new") + deployment_line(before, "old");
    result.record["move"] = rollout::to_json(*move);
    result.record["new"] = after;
    result.record["old"] = before;
  }
  const bool is_held = !lease.holder.empty() && lease.expires && *lease.expires > env.clock.now();
  result.summary +=
      fmt::format("{:<10} {}", "lease", is_held ? lease.holder + " until " + to_rfc3339(*lease.expires) : "free");
  if (is_held)
    result.record["lease"] = Json::object({{"holder", lease.holder}, {"expires", to_rfc3339(*lease.expires)}});
  return result;
}

}  // namespace baton::cutover
