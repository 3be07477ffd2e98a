// baton-watch: step 3 of the SOP, post-deployment monitoring.
#include "common/frame/tool.h"
#include "common/step/carrier.h"
#include "tools/watch/accept.h"
#include "tools/watch/calibrate.h"
#include "tools/watch/points.h"
#include "tools/watch/watch.h"

baton::ExitCode baton::tool_main(int argc, const char* const* argv) {
  Tool tool{"watch", "Watch a new release for 24 hours and roll it back when it hurts."};
  watch::Acceptance acceptance;
  tool.accept("accept", acceptance.rule, "tick: a person accepts this warning; judges nothing", "ID");
  tool.accept("by", acceptance.by, "tick: who accepts it", "WHO");
  watch::CalibrationOptions calibration;
  tool.accept("history", calibration.history, "calibrate: how far back; default: 14d", "DURATION");
  tool.accept("file", calibration.file, "calibrate: what is written; default: calibration.json", "FILE");
  const auto is_asked = [&] { return acceptance.is_asked(); };
  tool.verb({.name = "run",
             .help = "Hold until the window ends or --deadline",
             .kind = VerbKind::step,
             .run = [&](Env& env) { return is_asked() ? watch::refuse(acceptance) : watch::run(env); },
             .is_partial = is_asked});
  tool.verb({.name = "tick",
             .help = "Judge all that was not yet judged, then leave",
             .kind = VerbKind::step,
             .run = [&](Env& env) { return is_asked() ? watch::accept(acceptance, env) : watch::tick(env); },
             .is_partial = is_asked,
             .partial_needs = {{"app", "kubernetes"}}});
  tool.verb({.name = "calibrate",
             .help = "Run weeks of the application's own history through the rules: how often they are wrong",
             .kind = VerbKind::look,
             .run = [&](Env& env) { return watch::calibrate(calibration, env); },
             .needs = {{"app", "kubernetes", "metrics", "watch", "switch"}}});
  tool.verb({.name = "report",
             .help = "Print the monitoring report as far as it is known",
             .kind = VerbKind::look,
             .run = watch::report});
  std::vector<std::string> arguments;
  tool.accept_arguments(arguments);
  tool.verb({.name = "replay",
             .help = "Judge recorded points again, by the limits they had or by those that --set gives",
             .kind = VerbKind::look,
             .run = [&](Env& env) { return watch::replay(arguments, env); },
             .arguments = "FILE",
             .needs = {{}}});
  tool.identify_by(watch::identify);
  tool.carry_by({.fetch = fetch_carried, .put = put_carried});
  return tool.run(argc, argv);
}
