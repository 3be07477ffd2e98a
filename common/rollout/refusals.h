// What would undo or distort a switch, or refuse its image: recognised before the first write.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/rollout/live.h"

namespace baton::rollout {

/// What is in the way, and what a person does about it.
struct Hindrance {
  std::string observed = {};
  std::string message;
  std::vector<std::string> recovery = {};
};

/// One question before a switch. precheck asks it as a check of its own, switch as a part of its preflight.
struct Obstacle {
  std::string_view id;
  std::string_view title;  ///< what is true where nothing is in the way
  bool critical = true;    ///< refuses; else it warns
  bool of_colours = true;  ///< only where two Deployments stand beside each other
  std::optional<Hindrance> (*look)(Context&, const Live&) = nullptr;
};

namespace obstacle {
std::optional<Hindrance> reconciler(Context& context, const Live& live);  ///< Argo CD or Flux
std::optional<Hindrance> forced(Context& context, const Live& live);      ///< the same, by switch.gitops
std::optional<Hindrance> autoscaler(Context& context, const Live& live);
std::optional<Hindrance> disruption_budget(Context& context, const Live& live);
std::optional<Hindrance> shared_budget(Context& context, const Live& live);
std::optional<Hindrance> taken_name(Context& context, const Live& live);
std::optional<Hindrance> taken_colour(Context& context, const Live& live);
std::optional<Hindrance> second_service(Context& context, const Live& live);
std::optional<Hindrance> room(Context& context, const Live& live);
std::optional<Hindrance> unread_quotas(Context& context, const Live& live);
std::optional<Hindrance> paused(Context&, const Live& live);
std::optional<Hindrance> route(Context& context, const Live& live);
std::optional<Hindrance> strangers(Context& context, const Live& live);
std::optional<Hindrance> services(Context& context, const Live& live);
std::optional<Hindrance> workers(Context& context, const Live& live);
std::optional<Hindrance> vertical_autoscaler(Context& context, const Live& live);
std::optional<Hindrance> held(Context&, const Live& live);
std::optional<Hindrance> lone_pod(Context&, const Live& live);
std::optional<Hindrance> left_behind(Context& context, const Live& live);
std::optional<Hindrance> manifest(Context& context, const Live& live);
std::optional<Hindrance> unapplied(Context& context, const Live&);
std::optional<Hindrance> helm(Context&, const Live& live);
std::optional<Hindrance> session_affinity(Context&, const Live& live);
}  // namespace obstacle

inline constexpr std::array kObstacles = {
    Obstacle{"not-reconciled", "No GitOps controller keeps the Service or the live Deployment", true, false,
             obstacle::reconciler},
    Obstacle{"autoscaler-can-follow", "The autoscaler can be aimed at the next colour", true, true,
             obstacle::autoscaler},
    Obstacle{"budget-can-follow", "The disruption budget can be narrowed to the colour that serves", true, true,
             obstacle::disruption_budget},
    Obstacle{"colour-is-free", "The next colour's Deployment serves nobody", true, true, obstacle::taken_name},
    Obstacle{"colour-is-nobodys", "No other pod wears the next colour", true, true, obstacle::taken_colour},
    Obstacle{"one-service", "No other Service sends users to the same pods", true, true, obstacle::second_service},
    Obstacle{"services-can-move", "Every other Service of the release can move with it", true, true,
             obstacle::services},
    Obstacle{"route-can-share", "The route can share the traffic of a canary", true, true, obstacle::route},
    Obstacle{"shares-among-own", "Both colours together are the Service's pods and nobody else's", true, true,
             obstacle::strangers},
    Obstacle{"workers-can-roll", "Every worker can get the release", true, false, obstacle::workers},
    Obstacle{"manifest-can-apply", "What the manifest holds beside the Deployment can be applied", true, true,
             obstacle::manifest},
    Obstacle{"room-for-both", "No quota that may be read lacks room for both colours", true, true, obstacle::room},
    Obstacle{"not-paused", "Nobody holds the live Deployment", true, false, obstacle::paused},
    Obstacle{"rolls-by-itself", "What serves replaces its pods by itself", true, false, obstacle::held},
    Obstacle{"not-alone", "Somebody serves while a pod is replaced", false, false, obstacle::lone_pod},
    Obstacle{"not-forced", "Nobody forces what a GitOps controller would revert", false, false, obstacle::forced},
    Obstacle{"not-resized", "No VerticalPodAutoscaler evicts pods of the live colour", false, false,
             obstacle::vertical_autoscaler},
    Obstacle{"budget-is-own", "The disruption budget guards no pods of others", false, true, obstacle::shared_budget},
    Obstacle{"quotas-read", "Quotas may be read", false, true, obstacle::unread_quotas},
    Obstacle{"all-containers", "Every container of the image gets the release", false, false, obstacle::left_behind},
    Obstacle{"manifest-applied", "All of the manifest is applied", false, false, obstacle::unapplied},
    Obstacle{"not-helm", "No Helm release owns the Service", false, false, obstacle::helm},
    Obstacle{"no-session-affinity", "New connections choose their pod anew", false, false, obstacle::session_affinity},
};

/// Nothing is in the way, too, where the strategy cannot meet it.
std::optional<Hindrance> hindrance(const Obstacle& obstacle, Context& context, const Live& live);
/// One finding an obstacle, in their order.
std::vector<Finding> look_for_obstacles(Context& context, const Live& live);

/// Whether the Lease remembers this image ("sha256:…") as one that was rolled back.
std::optional<Hindrance> refused_digest(Context& context, const std::string& digest);

/// Who keeps an object as it is written in a repository.
struct Reconciler {
  std::string name = {};  ///< "Argo CD", "Flux"; empty: nobody was recognised
  std::string mark = {};  ///< the label, annotation or field manager it was recognised by
};
Reconciler reconciler_of(const Json& object);

}  // namespace baton::rollout
