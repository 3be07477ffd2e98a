// A look at the live Deployment, from within the waits of the bring-up.
#include "tools/switch/live_guard.h"

#include <fmt/format.h>

#include "common/rollout/labelling.h"
#include "common/rollout/live.h"
#include "common/rollout/services.h"

namespace baton::cutover {
namespace {

constexpr int kMostTimes = 3;

/// The next colour's pods carry the labels of the Service's own selector, too.
void require_without_traffic(World& world, const rollout::Move& move) {
  const auto selector = rollout::labels_from(rollout::find_service(world.context)["spec"]["selector"]);
  const auto others = rollout::services_of(world.context, move, move.colour);
  if (!others.empty())
    throw Error(ExitCode::stop,
                fmt::format("service '{}' would send users to '{}' by now, unproved", others.front(), move.deployment),
                "Find out who changed it; then run again.");
  if (selector == move.selector_before) return;
  throw Error(
      ExitCode::stop,
      fmt::format("the Service selects '{}' by now, not '{}': '{}' would get traffic unproved",
                  rollout::selector_text(selector), rollout::selector_text(move.selector_before), move.deployment),
      "Find out who changed the Service; then run again.");
}

}  // namespace

LiveGuard::LiveGuard(World& world, const rollout::Lease& lease, const rollout::Move& move)
    : world_(world), lease_(lease), move_(move), progress_(world.context.progress) {
  world_.context.progress = [this](const std::string& what, Duration since, Duration until) {
    if (progress_) progress_(what, since, until);
    look();
  };
}

LiveGuard::~LiveGuard() { world_.context.progress = progress_; }

void LiveGuard::look() {
  require_without_traffic(world_, move_);
  const auto live = world_.kube.find(kube::kDeployments, move_.previous_deployment, world_.context.stop);
  if (!live) return;  // nobody is served any more: the next colour is what they wait for
  const auto image = rollout::image_of(*live, world_.env.config);
  if (!rollout::is_same_image(image, move_.previous_image)) {
    throw Error(ExitCode::stop,
                fmt::format("'{}' got the image '{}' meanwhile, not '{}': somebody else releases, too",
                            move_.previous_deployment, image, move_.previous_image),
                "Find out who deployed it; then run baton-precheck again for what is live.");
  }
  const auto colour = rollout::colour_of_old(move_);
  if (!move_.labels || rollout::is_labelled(*live, colour)) return;
  if (++given_back_ > kMostTimes) {
    throw Error(ExitCode::stop,
                fmt::format("somebody puts the template of '{}' back again and again, without the label '{}'",
                            move_.previous_deployment, move_.label),
                "Find out who keeps it (an operator, a pipeline), and add the label there.");
  }
  world_.env.log.warning(fmt::format("'{}' lost the label '{}' to its owner's template: its pods get it again",
                                     move_.previous_deployment, move_.label));
  rollout::label_pods(world_.context, lease_, move_.previous_deployment, colour);
}

}  // namespace baton::cutover
