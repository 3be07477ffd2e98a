// SOP 4.1: the old colour goes to 0 after 24 hours and is deleted after 7 days, counted from the proved switch.
#include <fmt/format.h>

#include "common/config/sections/finalize.h"
#include "common/core/printable.h"
#include "common/rollout/next.h"
#include "common/rollout/selector.h"
#include "common/step/connect.h"
#include "tools/finalize/action.h"

namespace baton::finalize {
namespace {

/// A Deployment and the id that it carried when switch recorded it.
struct Retired {
  std::string name;
  std::string id;
};

/// The colour that is not needed any more: the old one, after a rollback the new one.
Retired retired(const Story& story) {
  const auto& move = *story.move;
  if (story.ending == Ending::rolled_back) return {move.deployment, move.id};
  return {move.previous_deployment, move.previous_id};
}

std::optional<Time> after_switch(const Story& story, Duration wait) {
  if (!story.move || !story.switched || story.ending == Ending::incomplete || story.ending == Ending::failed)
    return std::nullopt;
  return *story.switched + wait;
}

std::optional<Time> due_down(const View& env, const Story& story) {
  return after_switch(story, env.config.finalize().scale_down_after);
}
std::optional<Time> due_removed(const View& env, const Story& story) {
  return after_switch(story, env.config.finalize().delete_after);
}

/// Why the Deployment may not be touched; empty when it may.
std::string in_use(kube::Client& kube, const Story& story, const Json& deployment, std::stop_token stop) {
  const auto& expected = retired(story).id;
  if (const auto id = rollout::id_of(deployment); id.empty() || id != expected)
    return fmt::format("it carries the deployment id '{}', switch recorded '{}'", printable(id, 100), expected);
  if (rollout::replicas_of(deployment) == 0) return "";  // an adopted Service's own selector matches every colour
  const auto service = kube.get(kube::kServices, story.move->service, stop);
  const auto selector = rollout::labels_from(service["spec"]["selector"]);
  const auto labels = rollout::labels_from(deployment["spec"]["template"]["metadata"]["labels"]);
  return rollout::selects(selector, labels) ? "the Service's selector matches it" : "";
}

/// Runs `change` on the retired Deployment when nothing needs it; being gone already is being done.
template <typename Change>
Done on_retired(Env& env, const Story& story, Change change) {
  auto kube = connect_cluster(env);
  const auto name = retired(story).name;
  const auto deployment = kube.find(kube::kDeployments, name, env.stop);
  if (!deployment) return {.message = fmt::format("'{}' is gone already", name)};
  if (const auto why = in_use(kube, story, *deployment, env.stop); !why.empty()) {
    return {.outcome = Outcome::fail, .message = fmt::format("'{}' was left alone: {}", name, why)};
  }
  return {.message = change(kube, *deployment)};
}

Done perform_down(Env& env, const Story& story) {
  return on_retired(env, story, [&](kube::Client& kube, const Json& deployment) {
    const auto name = retired(story).name;
    if (rollout::replicas_of(deployment) > 0) kube.scale(kube::kDeployments, name, 0, env.stop);
    return fmt::format("'{}' is at 0 replicas", name);
  });
}

Done perform_removed(Env& env, const Story& story) {
  return on_retired(env, story, [&](kube::Client& kube, const Json& deployment) {
    const auto name = retired(story).name;
    kube.remove(kube::kDeployments, name, deployment["metadata"]["uid"].string(), env.stop);
    return fmt::format("'{}' is deleted", name);
  });
}

}  // namespace

extern const Action scale_down{"scale-down", "4.1", "Old version scaled to 0", due_down, perform_down};
extern const Action remove_old{"delete-old", "4.1", "Old version deleted", due_removed, perform_removed};

}  // namespace baton::finalize
