// baton-watch: step 3 of the SOP, post-deployment monitoring.
#include "common/frame/tool.h"
#include "common/step/carrier.h"
#include "tools/watch/accept.h"
#include "tools/watch/calibrate.h"
#include "tools/watch/install.h"
#include "tools/watch/points.h"
#include "tools/watch/watch.h"

namespace {

/// The verb `install`, with its flags.
void offer(baton::Tool& tool, baton::watch::Installation& installation) {
  using namespace baton;
  tool.accept("image", installation.image, "The image that holds the executables", "IMAGE");
  tool.accept("kind", installation.kind, "cronjob for every release, job for the open one; default: cronjob",
              "cronjob|job");
  tool.accept("secret", installation.secret, "The Secret with the variables of the configuration", "NAME");
  tool.accept("claim", installation.claim, "A PersistentVolumeClaim that keeps what the steps write", "NAME");
  tool.accept("live", installation.live, "What served before the first switch; default: named as the Service",
              "[KIND/]NAME");
  tool.verb({.name = "install",
             .help = "Print what watches and finalizes from inside the cluster: CronJobs, their account and rights",
             .kind = VerbKind::look,
             .run = [&installation](Env& env) { return watch::install(installation, env); },
             .needs = {{"app", "kubernetes"}},
             .flags = {"image", "kind", "secret", "claim", "live"},
             .examples = {"baton-watch install --image registry.example.com/baton:0.1.0 | kubectl apply -f -",
                          "baton-watch install --image registry.example.com/baton:0.1.0 --kind job --secret baton"}});
}

}  // namespace

baton::ExitCode baton::tool_main(int argc, const char* const* argv) {
  Tool tool{"watch", "Watch a new release for 24 hours and roll it back when it hurts."};
  watch::Acceptance acceptance;
  tool.accept("accept", acceptance.rule, "A person accepts this warning; judges nothing", "ID");
  tool.accept("by", acceptance.by, "Who accepts it", "WHO");
  watch::CalibrationOptions calibration;
  tool.accept("history", calibration.history, "How far back; default: 14d", "DURATION");
  tool.accept("file", calibration.file, "What is written; default: calibration.json", "FILE");
  watch::Installation installation;
  const auto is_asked = [&] { return acceptance.is_asked(); };
  tool.verb({.name = "run",
             .help = "Hold until the window ends or --deadline",
             .kind = VerbKind::step,
             .run = watch::run,
             .examples = {"baton-watch --release v1.6.0", "baton-watch run --release v1.6.0 --deadline 5h"}});
  tool.verb({.name = "tick",
             .help = "Judge all that was not yet judged, then leave",
             .kind = VerbKind::step,
             .run = [&](Env& env) { return is_asked() ? watch::accept(acceptance, env) : watch::tick(env); },
             .is_partial = is_asked,
             .partial_needs = {{"app", "kubernetes"}},
             .flags = {"accept", "by"},
             .examples = {"baton-watch tick --release v1.6.0", "baton-watch tick --accept cpu-warning --by jo"}});
  offer(tool, installation);
  tool.verb({.name = "calibrate",
             .help = "Run weeks of the application's own history through the rules: how often they are wrong",
             .kind = VerbKind::look,
             .run = [&](Env& env) { return watch::calibrate(calibration, env); },
             .needs = {{"app", "kubernetes", "metrics", "watch", "switch"}},
             .flags = {"history", "file"},
             .examples = {"baton-watch calibrate --history 14d"}});
  tool.verb({.name = "report",
             .help = "Print the monitoring report as far as it is known",
             .kind = VerbKind::look,
             .run = watch::report,
             .examples = {"baton-watch report --release v1.6.0"}});
  std::vector<std::string> arguments;
  tool.accept_arguments(arguments);
  tool.verb({.name = "replay",
             .help = "Judge recorded points again, by the limits they had or by those that --set gives",
             .kind = VerbKind::look,
             .run = [&](Env& env) { return watch::replay(arguments, env); },
             .arguments = "FILE",
             .needs = {{}},
             .examples = {"baton-watch replay .baton/evidence/points.db",
                          "baton-watch replay .baton/evidence/points.db --set watch.limits.cpu.warn=90%"}});
  tool.later({"rules"});
  tool.identify_by(watch::identify);
  tool.carry_by({.fetch = fetch_carried, .put = put_carried});
  return tool.run(argc, argv);
}
