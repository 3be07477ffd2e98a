// What takes no look at the window: the last report, and whom the step is about.
#include <fmt/format.h>

#include "common/step/connect.h"
#include "tools/watch/watch.h"

namespace baton::watch {

StepResult report(Env& env) {
  const auto file = env.dir / fmt::format("monitoring-report-{}.md", env.release.version);
  return {.verdict = Verdict::proceed, .summary = read_file(inside(env.dir, file))};
}

Identity identify(Env& env) {
  Identity identity;
  auto kube = connect_cluster(env);
  identity.target = {.cluster_uid = kube.cluster_uid(env.stop),
                     .namespace_ = kube.namespace_name(),
                     .service = rollout::service_name(env.config)};
  return identity;
}

}  // namespace baton::watch
