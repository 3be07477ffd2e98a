// What takes no look at the window: the last report, and whom the step is about.
#include <fmt/format.h>

#include "common/step/connect.h"
#include "tools/watch/watch.h"

namespace baton::watch {

namespace {

/// Without --release, of the deployment whose watch left its handoff here.
std::string version_of(const View& env) {
  if (!env.release.version.empty()) return env.release.version;
  const auto own = read_file_if_exists(Inside{env.dir, "watch.json"});
  if (own) return parse_handoff(*own, "watch.json").release.version;
  throw Error(ExitCode::usage, "no release is named, and no watch left anything in '" + env.dir.string() + "'",
              "Pass --release VERSION, or --dir of the deployment.");
}

}  // namespace

StepResult report(Env& env) {
  const auto file = env.dir / fmt::format("monitoring-report-{}.md", version_of(env));
  const auto text = read_file(inside(env.dir, file));
  return {.verdict = Verdict::proceed, .summary = text, .record = Json::object({{"report", text}})};
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
