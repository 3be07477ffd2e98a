// switch: step 2c of the SOP. Deploys the next colour, moves the traffic to it, proves it, and undoes it when it is
// unhealthy.
#include "common/frame/tool.h"
#include "common/step/carrier.h"
#include "tools/switch/identify.h"
#include "tools/switch/manual_rollback.h"
#include "tools/switch/plan.h"
#include "tools/switch/stages.h"
#include "tools/switch/status.h"
#include "tools/switch/switch.h"

baton::ExitCode baton::tool_main(int argc, const char* const* argv) {
  cutover::Options options;
  Tool tool{"switch", "Deploy the next colour and switch traffic to it, or back."};
  tool.accept("retry-failed-digest", options.retry_failed_digest, "Try a digest again that was rolled back before");
  tool.accept("until", options.until, "Wait for a person behind this stage: ready, or a share as 25%", "STAGE");
  tool.accept("reason", options.reason, "Why traffic is rolled back");
  tool.accept("by", options.by, "Who rolls back; default: the CI's actor, else $USER", "WHO");
  const auto bound = [&options](StepResult (*verb)(const cutover::Options&, Env&)) {
    return [&options, verb](Env& env) { return verb(options, env); };
  };
  const std::vector<std::string_view> cluster = {"app", "image", "kubernetes"};
  tool.verb({.name = "run",
             .help = "Deploy, switch, prove, soak; undo what is unhealthy",
             .kind = VerbKind::step,
             .run = bound(cutover::run)});
  tool.verb({.name = "plan",
             .help = "Show what a run would change, its stages, sizes and times, and the rights it lacks",
             .kind = VerbKind::look,
             .run = bound(cutover::plan)});
  tool.verb({.name = "rollback",
             .help = "Put the traffic back to the colour before, at once",
             .kind = VerbKind::act,
             .run = bound(cutover::manual_rollback),
             .arguments = "[NAME]",
             .needs = cluster,
             .argument_key = "app"});
  tool.verb({.name = "status",
             .help = "Show who serves, what is recorded and who holds the lease",
             .kind = VerbKind::look,
             .run = bound(cutover::status),
             .arguments = "[NAME]",
             .needs = cluster,
             .argument_key = "app"});
  tool.identify_by([&options](Env& env) {
    cutover::require_stage(env.config.rollout(), options.until);
    return cutover::identify(env);
  });
  tool.resume_if(cutover::is_resuming);
  tool.confirm_by(cutover::is_confirmed);
  tool.carry_by({.put = put_carried});
  return tool.run(argc, argv);
}
