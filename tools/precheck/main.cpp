// baton-precheck: step 1 of the SOP, pre-deployment checks.
#include "common/frame/tool.h"
#include "tools/precheck/precheck.h"
#include "tools/precheck/runner.h"
#include "tools/precheck/subject.h"

baton::ExitCode baton::tool_main(int argc, const char* const* argv) {
  precheck::Options options;
  Tool tool{"precheck", "Decide whether a release may go to production."};
  tool.accept("only", options.only, "Look at this check only, and open nothing; repeatable", "CHECK");
  tool.accept("skip", options.skip, "Skip this check, at best caution; repeatable", "CHECK");
  tool.accept("jobs", options.jobs, "Checks at once");
  tool.accept_arguments(options.arguments);
  tool.verb({.name = "run",
             .help = "Run the checks and decide",
             .kind = VerbKind::step,
             .run = [&](Env& env) { return precheck::run(options, env); },
             .is_partial = [&] { return !options.only.empty(); },
             .flags = {"only", "skip", "jobs"},
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
  tool.later({"replay"});
  tool.identify_by([&](Env& env) {
    precheck::require_known(options, env);  // before anything of an older deployment is moved away
    return precheck::identify(env);
  });
  return tool.run(argc, argv);
}
