// The history of whoever serves now, from the store to the file.
#include "tools/watch/calibrate.h"

#include <fmt/format.h>

#include "common/config/sections/metrics.h"
#include "common/config/sections/precheck.h"
#include "common/core/printable.h"
#include "common/core/units.h"
#include "common/judge/calibration_run.h"
#include "common/rollback/scope.h"
#include "common/rollout/live.h"
#include "common/step/connect.h"
#include "tools/watch/calibration_text.h"

namespace baton::watch {
namespace {

Duration length_of(const std::string& text) {
  constexpr Duration kShortest = judge::kFewestWindows * judge::kHistoryWindow;
  const auto length = parse_duration(text);
  if (!length) {
    throw Error(ExitCode::usage, "--history '" + printable(text, 40) + "' is no duration", "Write it like 14d.");
  }
  if (*length < kShortest) {
    throw Error(ExitCode::usage,
                fmt::format("--history {} holds fewer than {} windows of {}", to_text(*length), judge::kFewestWindows,
                            to_text(judge::kHistoryWindow)),
                fmt::format("Look back {} at least; two weeks tell more.", to_text(kShortest)));
  }
  return *length;
}

/// Whoever serves now names the Deployments whose past is read.
judge::Scope scope_of_live(Env& env) {
  auto kube = connect_cluster(env);
  auto http = env.http();
  auto context = context_for(env, kube, http);
  try {
    return rollback::scope_of(context, rollout::find_live(context));
  } catch (const Error& error) {
    // Exit 3 is kept for rules that are wrong too often.
    if (error.code() != ExitCode::stop) throw;
    throw Error(ExitCode::unknown, std::string("nobody knows whose history it would be: ") + error.what(),
                error.hint());
  }
}

judge::Calibration calibrated(Env& env, Duration length) {
  auto store = connect_metrics(env);
  judge::History history{.scope = scope_of_live(env), .not_applicable = env.config.precheck().not_applicable};
  history.to = std::chrono::floor<std::chrono::minutes>(env.clock.now() - env.config.metrics().lag);
  history.from = history.to - length;
  const auto begun = env.clock.monotonic();
  const auto say = [&](long long done, long long all) {
    const auto since = env.clock.monotonic() - begun;
    // How long the others will take is told by those that are done.
    if (done > 0) env.log.progress(fmt::format("window {} of {}", done + 1, all), since, since * all / done);
  };
  auto made = judge::calibrate(store, env.config, history, say, env.stop);
  made.made_at = env.clock.now();
  return made;
}

}  // namespace

StepResult calibrate(const CalibrationOptions& options, Env& env) {
  const auto made = calibrated(env, length_of(options.history));
  StepResult result{.findings = findings_of(made), .summary = calibration_text(made)};
  result.verdict = decide(result.findings);
  result.record["calibration"] = judge::to_json(made);
  if (made.judged() < judge::kFewestWindows) return result;  // an older file tells more
  if (env.is_dry_run()) {
    result.summary += fmt::format("\nWould be written to {}\n", options.file);
    return result;
  }
  write_file(options.file, to_pretty_text(judge::to_json(made)));
  result.summary +=
      fmt::format("\nWritten to {}: name it in watch.calibration, and precheck looks at it.\n", options.file);
  return result;
}

}  // namespace baton::watch
