// The configuration's rights, printed.
#include "tools/precheck/role.h"

#include <fmt/format.h>

#include "common/clients/kube/kubeconfig.h"
#include "common/config/sections/kubernetes.h"
#include "common/rollout/roles.h"

namespace baton::precheck {
namespace {

std::string namespace_of(const View& env) {
  const auto& kubernetes = env.config.kubernetes();
  if (!kubernetes.namespace_.empty()) return kubernetes.namespace_;
  try {
    return kube::load_cluster(env.environment, kubernetes.context, "").namespace_name;
  } catch (const Error& error) {
    throw Error(ExitCode::usage, fmt::format("the namespace of the release is not known: {}", error.what()),
                "Set kubernetes.namespace, or give --namespace.");
  }
}

rollout::Steps steps_of(const Options& options) {
  rollout::Steps steps = 0;
  for (const auto& name : options.steps) steps |= rollout::step_named(name);
  return steps == 0 ? rollout::kAllSteps : steps;
}

}  // namespace

StepResult role(const Options& options, Env& env) {
  const auto roles = rollout::role_for(
      env.config,
      {.steps = steps_of(options), .namespace_ = namespace_of(env), .account = options.account, .live = options.live});
  StepResult result{.verdict = Verdict::proceed};
  result.summary = rollout::to_yaml(roles);
  result.record =
      Json::object({{"apiVersion", "v1"}, {"kind", "List"}, {"items", Json::array(rollout::to_objects(roles))}});
  return result;
}

}  // namespace baton::precheck
