// The table of acts.
#include "common/rollout/acts.h"

#include <fmt/format.h>

#include <array>

#include "common/rollout/adopt.h"
#include "common/rollout/applied.h"
#include "common/rollout/autoscalers.h"
#include "common/rollout/budgets.h"
#include "common/rollout/by_hand.h"
#include "common/rollout/conflict.h"
#include "common/rollout/control.h"
#include "common/rollout/copies.h"
#include "common/rollout/intent.h"
#include "common/rollout/live.h"
#include "common/rollout/route.h"
#include "common/rollout/services.h"
#include "common/rollout/size.h"
#include "common/rollout/swap.h"
#include "common/rollout/wanted.h"
#include "common/rollout/wearers.h"

namespace baton::rollout {
namespace {

constexpr Duration kDrainLimit = std::chrono::seconds(90);

void create_colour(Acting& acting) {
  auto& context = acting.context;
  const auto wanted = with_contents(context, acting.wanted);
  until_not_lost([&] {
    const auto existing = context.kube.find(kube::kDeployments, name_of(wanted), context.stop);
    acting.lease.confirm();
    write_workload(context, existing, wanted, kube::Write::stored);
  });
}

/// The original selector also matches the new colour's pods: it may only come back when none is left.
void drain_colour(Acting& acting) {
  const auto& move = acting.move;
  const auto drained = drain(acting.context, acting.lease, move.deployment, move.id, kDrainLimit);
  if (drained.is_empty || !move.adopted) return;
  throw Error(ExitCode::unknown, drained.message,
              "End these pods; what is left is undone then by: " + rollback_command(acting.context));
}

constexpr std::array kAdoption = {
    Act{"adopt", "give the live pods their colour's label and the Service's selector that key",
        [](Acting& acting) { adopt(acting.context, acting.lease, acting.move); },
        [](Acting& acting) { take_back_adoption(acting.context, acting.lease, acting.move); }},
    Act{"guard-old", "narrow the disruption budget to the live colour",
        [](Acting& acting) { guard_colour(acting.context, acting.lease, acting.move, acting.move.previous_colour); },
        [](Acting& acting) {
          guard_colour(acting.context, acting.lease, acting.move,
                       acting.move.labels ? "" : acting.move.previous_colour);
        }},
    Act{"hold-size", "keep the autoscaler from scaling down",
        [](Acting& acting) { hold_scale_down(acting.context, acting.lease, acting.move); },
        [](Acting& acting) { release_scale_down(acting.context, acting.lease, acting.move); }},
};

constexpr std::array kArrival = {
    Act{"apply-manifest", "apply what the manifest holds beside the Deployment",
        [](Acting& acting) { apply_manifest(acting.context, acting.lease, acting.move); }},
    Act{"clear-colour", "scale an older Deployment of the next colour to 0",
        [](Acting& acting) { clear_colour(acting.context, acting.lease, acting.move); }},
    Act{"create-colour", "create the next colour's Deployment", create_colour, drain_colour},
    Act{"own-copies", "give the next colour its copies of ConfigMaps, and take from it what it does not name",
        [](Acting& acting) { own_copies(acting.context, acting.lease, acting.move); },
        [](Acting& acting) { settle_copies(acting.context, acting.lease, acting.move); }},
    Act{"name-colour", "create the next colour's own Service for the route",
        [](Acting& acting) { create_colour_service(acting.context, acting.lease, acting.move); },
        [](Acting& acting) { drop_colour_service(acting.context, acting.lease, acting.move); }},
};

constexpr std::array kSharing = {
    Act{"add-control", "give the old colour one more pod to compare the canary with",
        [](Acting& acting) { add_control(acting.context, acting.lease, acting.move); },
        [](Acting& acting) { drop_control(acting.context, acting.lease, acting.move); }},
};

constexpr std::array kFollowing = {
    Act{"drop-control", "take the pod away that the canary was compared with",
        [](Acting& acting) { drop_control(acting.context, acting.lease, acting.move); },
        [](Acting& acting) { drop_control(acting.context, acting.lease, acting.move); }},
    Act{"restore-route", "give the route back as its owner had it",
        [](Acting& acting) { restore_route(acting.context, acting.lease, acting.move); },
        [](Acting& acting) { restore_route(acting.context, acting.lease, acting.move); }},
    Act{"guard-new", "narrow the disruption budget to the colour that serves",
        [](Acting& acting) { guard_colour(acting.context, acting.lease, acting.move, acting.move.colour); },
        [](Acting& acting) { guard_colour(acting.context, acting.lease, acting.move, acting.move.previous_colour); }},
    Act{"size-new", "aim the autoscaler at the colour that serves",
        [](Acting& acting) { aim_autoscalers(acting.context, acting.lease, acting.move, acting.move.deployment); },
        [](Acting& acting) {
          aim_autoscalers(acting.context, acting.lease, acting.move, acting.move.previous_deployment);
        }},
};

void require_idle(Context& context, const Move& move) {
  if (labels_from(find_service(context)["spec"]["selector"]) != move.selector_after) return;
  throw Error(ExitCode::handoff, "'" + move.deployment + "' got the traffic meanwhile: it is left alone",
              "Look who changed the Service; if the traffic must go back: " + rollback_command(context));
}

void forget(Context& context, Lease& lease, const Move& move) {
  if (move.adopted) return forget_move(context, lease, move.selector_original);
  lease.record(move_in(find_service(context)));
}

void do_one(const Act& act, void (*way)(Acting&), Acting& acting) {
  if (acting.context.act) acting.context.act(act.id);
  way(acting);
}

std::vector<Finding> each(std::span<const Act> acts, void (*Act::*way)(Acting&), Acting& acting) {
  std::vector<Finding> failed;
  for (const auto& act : acts) {
    try {
      do_one(act, act.*way, acting);
    } catch (const Error& error) {
      if (error.code() != ExitCode::unknown) throw;
      failed.push_back({.id = std::string(act.id),
                        .sop = "2c.3",
                        .title = "What follows the traffic follows it",
                        .outcome = Outcome::warn,
                        .message = fmt::format("could not {}: {}", act.does, error.what()),
                        .recovery = {error.hint()}});
    }
  }
  return failed;
}

}  // namespace

std::span<const Act> adoption() { return kAdoption; }

std::span<const Act> arrival() { return kArrival; }

std::span<const Act> sharing() { return kSharing; }

std::span<const Act> following() { return kFollowing; }

void perform(std::span<const Act> acts, Acting acting) {
  for (const auto& act : acts) do_one(act, act.perform, acting);
}

void take_back(std::span<const Act> acts, Acting acting) {
  for (auto act = acts.rbegin(); act != acts.rend(); ++act) {
    if (act->take_back != nullptr) do_one(*act, act->take_back, acting);
  }
}

std::vector<Finding> perform_each(std::span<const Act> acts, Acting acting) {
  return each(acts, &Act::perform, acting);
}

std::vector<Finding> take_back_each(std::span<const Act> acts, Acting acting) {
  return each(acts, &Act::take_back, acting);
}

void abandon(Context& context, Lease& lease, Move& move) {
  require_idle(context, move);
  call_services_back(context, lease, move);
  const Acting acting{.context = context, .lease = lease, .move = move};
  take_back(kSharing, acting);
  take_back(kArrival, acting);
  take_back(kAdoption, acting);
  forget(context, lease, move);
}

}  // namespace baton::rollout
