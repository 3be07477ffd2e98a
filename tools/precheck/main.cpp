// baton-precheck: step 1 of the SOP, pre-deployment checks.
#include "common/frame/tool.h"
#include "tools/precheck/precheck.h"
#include "tools/precheck/replay.h"
#include "tools/precheck/role.h"
#include "tools/precheck/runner.h"
#include "tools/precheck/subject.h"

baton::ExitCode baton::tool_main(int argc, const char* const* argv) {
  precheck::Options options;
  Tool tool{"precheck", "Decide whether a release may go to production."};
  tool.accept("only", options.only, "Look at this check only, and open nothing; repeatable", "CHECK");
  tool.accept("skip", options.skip, "Skip this check, at best caution; repeatable", "CHECK");
  tool.accept("jobs", options.jobs, "Checks at once");
  tool.accept("announce", options.announce,
              "Tell notify.to and notify.incident first that the deployment is scheduled");
  tool.accept("service-account", options.account, "Who gets the rights; default: baton-<app>", "[NAMESPACE/]NAME");
  tool.accept("live", options.live, "What serves before the first switch; default: named as the Service",
              "[KIND/]NAME");
  tool.accept("step", options.steps, "This step's part only; repeatable", "STEP");
  tool.accept_arguments(options.arguments);
  tool.verb({.name = "run",
             .help = "Run the checks and decide",
             .kind = VerbKind::step,
             .run = [&](Env& env) { return precheck::run(options, env); },
             .is_partial = [&] { return !options.only.empty(); },
             .flags = {"only", "skip", "jobs", "announce"},
             .examples = {"baton-precheck --release v1.6.0", "baton-precheck --standalone --only coverage"}});
  tool.verb({.name = "list",
             .help = "List every check",
             .kind = VerbKind::look,
             .run = precheck::list,
             .needs = {{}},
             .examples = {"baton-precheck list --output json"}});
  tool.verb({.name = "explain",
             .help = "Say what a check looks at and what its failure means",
             .kind = VerbKind::look,
             .run = [&](Env& env) { return precheck::explain(options, env); },
             .arguments = "CHECK",
             .needs = {{}},
             .examples = {"baton-precheck explain coverage"}});
  tool.verb({.name = "role",
             .help = "Print the Role and ClusterRole that the pipeline needs, and their bindings",
             .kind = VerbKind::look,
             .run = [&](Env& env) { return precheck::role(options, env); },
             .needs = {{"app", "kubernetes", "switch.strategy", "switch.canary", "switch.drain", "switch.smoke",
                        "switch.identify"}},
             .flags = {"service-account", "live", "step"},
             .examples = {"baton-precheck role | kubectl apply -f -",
                          "baton-precheck role --service-account ci/deployer --step switch"}});
  tool.verb({.name = "replay",
             .help = "Judge what a run found by the limits of this configuration, and look at nothing",
             .kind = VerbKind::look,
             .run = [&](Env& env) { return precheck::replay(options, env); },
             .arguments = "FILE",
             .needs = {{}},
             .examples = {"baton-precheck replay .baton/precheck.json --config stricter.yaml"}});
  tool.identify_by([&](Env& env) {
    precheck::require_known(options, env);  // before anything of an older deployment is moved away
    return precheck::identify(env);
  });
  return tool.run(argc, argv);
}
