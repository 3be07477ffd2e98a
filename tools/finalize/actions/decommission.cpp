// SOP 4.1: the old colour goes to 0 after 24 hours and is deleted after 7 days, counted from the proved switch.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "common/config/sections/finalize.h"
#include "common/rollout/conflict.h"
#include "common/rollout/lease.h"
#include "common/rollout/next.h"
#include "common/rollout/pods.h"
#include "common/rollout/retired.h"
#include "common/step/connect.h"
#include "tools/finalize/action.h"

namespace baton::finalize {
namespace {

/// A Deployment of the cluster and the id that it carried when switch recorded it.
struct Retired {
  std::string name;
  std::string id;
};

/// The colour that is not needed any more: the old one, after a rollback the new one.
Retired retired(const Deployment& deployment) {
  const auto& move = *deployment.move;
  if (row_of(deployment.ending).serving == Serving::old_version) return {move.deployment, move.id};
  return {move.previous_deployment, move.previous_id};
}

std::optional<Time> after_switch(const Deployment& deployment, Duration wait) {
  constexpr std::array kDecided = {Ending::successful, Ending::with_warnings, Ending::unmeasured, Ending::rolled_back,
                                   Ending::rolled_back_by_person};
  const bool is_decided = std::ranges::find(kDecided, deployment.ending) != kDecided.end();
  // A rolling update leaves no second Deployment.
  if (!deployment.move || deployment.move->rolled || !deployment.switched || !is_decided) return std::nullopt;
  return *deployment.switched + wait;
}

std::optional<Time> due_down(const View& env, const Deployment& deployment) {
  return after_switch(deployment, env.config.finalize().scale_down_after);
}
std::optional<Time> due_removed(const View& env, const Deployment& deployment) {
  return after_switch(deployment, env.config.finalize().delete_after);
}

/// Runs `change` on the retired Deployment when nothing needs it; being gone already is being done. Under the Lease,
/// and as it was seen: a release or a rollback that begins meanwhile may need it.
template <typename Change>
Done on_retired(Env& env, const Deployment& deployment, Change change) {
  auto kube = connect_cluster(env);
  HttpClient http = env.http();
  auto context = context_for(env, kube, http);
  const auto old = retired(deployment);
  const auto lease = rollout::Lease::acquire(context, rollout::Claim::wait);
  return rollout::until_not_lost([&]() -> Done {
    const auto seen = kube.find(kube::kDeployments, old.name, env.stop);
    if (!seen) return {.message = fmt::format("'{}' is gone already", old.name)};
    if (const auto why = rollout::in_use(kube, deployment.move->service, *seen, old.id, env.stop); !why.empty())
      return {.outcome = Outcome::fail, .message = fmt::format("'{}' was left alone: {}", old.name, why)};
    lease.confirm();
    return {.message = change(kube, *seen)};
  });
}

Done perform_down(Env& env, const Deployment& deployment) {
  return on_retired(env, deployment, [&](kube::Client& kube, const Json& seen) {
    if (rollout::replicas_of(seen) > 0) kube.scale(kube::kDeployments, seen, 0, env.stop);
    return fmt::format("'{}' is at 0 replicas", rollout::name_of(seen));
  });
}

Done perform_removed(Env& env, const Deployment& deployment) {
  return on_retired(env, deployment, [&](kube::Client& kube, const Json& seen) {
    const auto& name = rollout::name_of(seen);
    const auto& version = seen["metadata"]["resourceVersion"].string();
    kube.remove(kube::kDeployments, name, {.uid = rollout::uid_of(seen), .version = version}, env.stop);
    return fmt::format("'{}' is deleted", name);
  });
}

}  // namespace

extern const Action scale_down{.id = "scale-down",
                               .sop = "4.1",
                               .title = "Retired version scaled to 0",
                               .due = due_down,
                               .perform = perform_down,
                               .removes = true};
extern const Action remove_old{.id = "delete-old",
                               .sop = "4.1",
                               .title = "Retired version deleted",
                               .due = due_removed,
                               .perform = perform_removed,
                               .removes = true};

}  // namespace baton::finalize
