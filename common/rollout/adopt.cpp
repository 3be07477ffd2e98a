// Planning a move and adopting what never knew colours.
#include "common/rollout/adopt.h"

#include <fmt/format.h>

#include "common/config/sections/kubernetes.h"
#include "common/config/sections/switch.h"
#include "common/rollout/by_hand.h"
#include "common/rollout/conflict.h"
#include "common/rollout/copies.h"
#include "common/rollout/intent.h"
#include "common/rollout/labelling.h"
#include "common/rollout/next.h"
#include "common/rollout/route.h"
#include "common/rollout/services.h"
#include "common/rollout/size.h"
#include "common/rollout/strategy.h"
#include "common/rollout/swap.h"
#include "common/rollout/workers.h"

namespace baton::rollout {
namespace {

void give_id(Context& context, const Lease& lease, const Move& move) {
  until_not_lost([&] {
    const auto deployment = context.kube.get(kube::kDeployments, move.previous_deployment, context.stop);
    if (!id_of(deployment).empty()) return;
    auto operations = guarded(deployment);
    add_annotation(operations, deployment, kIdAnnotation, move.id);
    add_contents(operations, context, deployment);
    lease.confirm();
    context.kube.json_patch(kube::kDeployments, move.previous_deployment, operations, context.stop);
  });
}

/// Nobody loses traffic to the narrower selector: every pod that has some carries the colour.
void require_labelled(Context& context, const Move& move) {
  for (const auto& pod : ready_pods_under(context, move.selector_original)) {
    const auto colour = pod["metadata"]["labels"][move.label].string_or("");
    if (colour == move.previous_colour || colour == move.colour) continue;
    throw Error(ExitCode::stop, "'" + name_of(pod) + "' serves and does not carry the label '" + move.label + "'",
                "Look whose pod it is: kubectl get pod " + name_of(pod) + " --show-labels; then run again.");
  }
}

/// Neither colours nor a second Deployment: what serves gets the release, whatever Services lead to it.
Move plan_rolling(const Context& context, const Live& live, Move move) {
  move.rolled = worker_of(context, live.deployment);
  if (const auto& only = context.config.kubernetes().container; !only.empty())
    std::erase_if(move.rolled->images, [&](const auto& container) { return container.first != only; });
  if (move.rolled->images.empty())
    throw Error(ExitCode::usage,
                fmt::format("no container of '{}' runs an image of '{}'", name_of(live.deployment),
                            repository_of(context.config.image)),
                "Correct image or kubernetes.container.");
  move.deployment = name_of(live.deployment);
  move.colour = move.deployment;
  move.selector_original = live.selector;
  move.selector_before = live.selector;
  move.selector_after = live.selector;
  return move;
}

}  // namespace

Move plan_move(const Context& context, const Live& live, const std::string& version, const std::string& digest) {
  Move move{.id = context.id, .version = version, .digest = digest, .service = name_of(live.service)};
  move.strategy = context.config.rollout().strategy;
  move.label = live.label;
  move.previous_image = image_of(live.deployment, context.config);
  move.replicas = replicas_of(live.deployment);
  move.workers = workers_now(context);
  require_fitting(context, live);
  if (move.strategy == kRolling) return plan_rolling(context, live, std::move(move));
  move.colour = live.next;
  move.deployment = move.service + "-" + move.colour;
  move.previous_colour = live.worn.empty() ? next_colour(live.next) : live.worn;
  move.previous_deployment = name_of(live.deployment);
  move.previous_id = id_of(live.deployment);
  if (move.previous_id.empty()) move.previous_id = context.id;
  move.adopted = live.colour.empty();
  move.labels = live.worn.empty();
  move.route = route_of(context.config);
  move.services = context.config.kubernetes().services;
  move.config_maps = plan_config_maps(context, move, live.deployment);
  if (const auto manifest = manifest_of(context.config)) move.applied = applied_names(*manifest);
  // An earlier version narrowed Services to one ReplicaSet.
  move.selector_original = without(live.selector, kTemplateHash);
  move.selector_before = with(move.selector_original, move.label, move.previous_colour);
  move.selector_after = with(move.selector_original, move.label, move.colour);
  return move;
}

void adopt(Context& context, Lease& lease, Move& move) {
  if (move.adopted) write_ahead(lease, move);
  give_id(context, lease, move);
  if (!move.adopted) return point_services(context, lease, move, move.previous_colour);
  if (move.labels) label_pods(context, lease, move.previous_deployment, colour_of_old(move));
  require_labelled(context, move);
  const auto now = labels_from(find_service(context)["spec"]["selector"]);
  const bool is_pinned = without(now, kTemplateHash) == move.selector_original;
  move_selector(context, lease, is_pinned ? now : move.selector_original, move.selector_before, move);
}

void take_back_adoption(Context& context, Lease& lease, Move& move) {
  if (!move.adopted) return;
  if (labels_from(find_service(context)["spec"]["selector"]) != move.selector_original)
    move_selector(context, lease, move.selector_before, move.selector_original, move);
  point_services(context, lease, move, "");
  if (move.labels) label_pods(context, lease, move.previous_deployment, {move.label, std::nullopt});
}

}  // namespace baton::rollout
