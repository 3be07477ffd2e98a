// SOP 3, "Input": baseline metrics from before the deployment. What is absent now could not be judged later.
#include <fmt/format.h>

#include "common/config/sections/precheck.h"
#include "common/config/sections/watch.h"
#include "common/core/text.h"
#include "common/step/connect.h"
#include "tools/precheck/check.h"
#include "tools/precheck/subject.h"

namespace baton::precheck {
namespace {

Observation observe(CheckContext& context) {
  Env& env = context.env;
  auto store = connect_metrics(env);
  context.baseline = judge::measure_baseline(store, env.config, scope_of_live(env), env.clock.now(), env.stop);
  std::vector<std::string> absent;
  for (const auto& [id, metric] : context.baseline->metrics) {
    if (!metric.value && !env.config.precheck().not_applicable.contains(id)) absent.push_back(id);
  }
  Observation seen{.outcome = absent.empty() ? Outcome::pass : Outcome::fail,
                   .observed = Measured(context.baseline->metrics.size() - absent.size(), "metrics")};
  seen.message = fmt::format("{} metrics are watched, measured over {}", context.baseline->metrics.size(),
                             to_text(env.config.watch().baseline));
  if (!absent.empty()) seen.message += "; absent: " + join(absent, ", ");
  return seen;
}

}  // namespace

extern const Check metrics_baseline{.id = "metrics-baseline",
                                    .sop = "3",
                                    .group = "monitoring",
                                    .title = "Baseline of the watched metrics",
                                    .expected = "every watched metric has a value",
                                    .needs = "metrics.prometheus",
                                    .critical = true,
                                    .observe = observe};

}  // namespace baton::precheck
