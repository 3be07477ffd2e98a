// The SOP's message to the team.
#include "tools/precheck/announcement.h"

#include <fmt/format.h>

#include "common/config/sections/precheck.h"
#include "common/core/text.h"
#include "common/step/report_head.h"

namespace baton::precheck {
namespace {

constexpr std::string_view kKey = "precheck-announced";

}  // namespace

void announce_deployment(Env& env) {
  const auto& window = env.config.precheck().team.window;
  const auto actor = actor_of(env);
  std::string text = fmt::format("Deployment of {} {} to {} is scheduled", env.release.app, env.release.version,
                                 env.release.environment);
  text += window.empty() ? "." : fmt::format(" in the window {}.", window);
  if (!actor.empty()) text += fmt::format("\nAsked for by {}.", actor);
  announce(env, Audience::incident,
           {.subject = fmt::format("Deployment {} scheduled", env.release.version),
            .text = text,
            .event = "deployment-scheduled",
            .facts = Json::object({{"window", window}, {"approver", actor}}),
            .key = std::string(kKey)});
}

Delivered delivered_to(const View& env, Audience audience) { return baton::delivered_to(env, audience, kKey); }

}  // namespace baton::precheck
