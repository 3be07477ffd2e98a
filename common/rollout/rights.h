// What a release asks of the API server, as RBAC names it: every call of precheck, switch, watch and finalize.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "common/rollout/context.h"
#include "common/rollout/move.h"

namespace baton::rollout {

/// Whose calls; a person's rollback is switch's. migrate asks no cluster.
using Steps = unsigned;
inline constexpr Steps kPrecheck = 1;
inline constexpr Steps kSwitch = 2;
inline constexpr Steps kWatch = 4;
inline constexpr Steps kFinalize = 8;
inline constexpr Steps kAllSteps = kPrecheck | kSwitch | kWatch | kFinalize;
/// "precheck, watch"
std::string steps_text(Steps steps);
/// Throws Error{usage} where there is no step of that name that asks a cluster.
Steps step_named(std::string_view name);

/// Which object's name the calls carry: a Role may be limited to it.
enum class Named {
  nothing,
  service,
  lease,
  old_colour,
  new_colour,
  workers,
  services,
  route,
  colour_service,
  kube_system
};

enum class Need {
  always,
  adoption,           ///< only while the live Deployment's pods carry no colour
  autoscaler,         ///< only where one sizes either colour
  budget,             ///< only where one guards either colour, and follows
  configuration,      ///< only where the move makes ConfigMaps, or colours have some of their own
  route,              ///< only for a canary that an HTTPRoute gives its share
  questions_to_pods,  ///< only where switch.smoke or switch.identify asks pods
  colours,            ///< only where two Deployments stand beside each other
  deployment,         ///< only where Deployments serve
  stateful_set,       ///< only where one is rolled over
  daemon_set,         ///< only where one is rolled over
  replica_sets,       ///< only where Deployments serve, or work
  renewal,            ///< only where the old colour's pods are renewed after the soak
  evidence,           ///< without it less is known beforehand, or saved of what failed
  carrier,            ///< without it nobody can go on with a release who has not its files
  look,               ///< whoever looks says himself what he could not see; the rest goes on
  usage,              ///< only where precheck looks at what nodes use; else as `look`
  capacity,           ///< only where precheck looks whether the release fits; else as `look`
  vertical,           ///< only where the cluster serves VerticalPodAutoscalers; else as `look`
};
/// "only where an autoscaler sizes a colour"; empty: always.
std::string_view when_text(Need need);

/// Whether a rollback writes with it.
enum class Back {
  no,
  always,
  of_colours,  ///< only where two Deployments stand beside each other
  of_rolled,   ///< only where the live Deployment was rolled over
};

struct Right {
  std::string_view verb;
  const kube::Resource& resource;
  std::string_view subresource = {};
  Named named = Named::nothing;
  Need need = Need::always;
  Back back = Back::no;
  Steps steps = 0;
  std::string_view why = {};
};
std::span<const Right> rights();
/// "deployments/scale"
std::string resource_text(const Right& right);

/// "patch deployments/scale 'myapp-green'", each as rights() has it.
struct MissingRights {
  std::vector<std::string> needed = {};
  std::vector<std::string> for_evidence = {};
  std::vector<std::string> for_carrier = {};
};
/// What the API server would refuse our identity (SelfSubjectAccessReview) after precheck, also of what the manifest
/// holds beside the Deployment. Throws Error{unknown} where it cannot be asked.
MissingRights missing_rights(Context& context, const Move& move);

/// Those of them with which a rollback writes. What it reads, whoever looks after it reads all the time.
std::vector<std::string> missing_rights_back(Context& context, const Move& move);

}  // namespace baton::rollout
