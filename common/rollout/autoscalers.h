// Autoscalers go with the traffic: they size the colour that serves. Never a copy: two whose targets share pods scale
// neither.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "common/core/finding.h"
#include "common/rollout/context.h"
#include "common/rollout/lease.h"
#include "common/rollout/move.h"

namespace baton::rollout {

/// On an autoscaler whose scale-down is held: its owner's spec.behavior as JSON, "null" where he gave none.
inline constexpr std::string_view kBehaviorAnnotation = "baton/behavior";

/// HorizontalPodAutoscalers that size either Deployment.
std::vector<Json> autoscalers_of(Context& context, const std::string& deployment, const std::string& other);
/// Who keeps an autoscaler and would put it back: "ScaledObject 'shop'"; empty: nobody.
std::string keeper_of(const Json& autoscaler);

/// While two colours stand, those of either scale nothing down: not what is idle yet, nor what is idle again. Up they
/// go on.
void hold_scale_down(Context& context, const Lease& lease, const Move& move);
/// They size `deployment` from now on; their scale-down is held.
void aim_autoscalers(Context& context, const Lease& lease, const Move& move, const std::string& deployment);
/// Their owner's behaviour again, verbatim; one that he changed meanwhile stays as he has it.
void release_scale_down(Context& context, const Lease& lease, const Move& move);

/// Waits until each sizes `deployment` by measured load and one stabilisation window of its (30 s at least) is over
/// since `from`. One finding each: one that does not come to scale warns with its own words. They are not released.
std::vector<Finding> await_autoscalers(Context& context, const Move& move, const std::string& deployment, Time from);

}  // namespace baton::rollout
