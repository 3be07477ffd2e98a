// After a rollback: are error rate and P95 back where they were (decisions 30)?
#include "common/judge/after_rollback.h"

#include <fmt/format.h>

#include <algorithm>

#include "common/config/sections/metrics.h"
#include "common/config/sections/watch.h"
#include "common/core/finding_text.h"
#include "common/judge/grid.h"
#include "common/judge/session.h"
#include "common/judge/verdict.h"

namespace baton::judge {
namespace {

constexpr double kPoints = 1;  // SOP, "Health Check Criteria": error rate <= baseline + 1 %
constexpr double kShare = 20;  // and P95 <= baseline + 20 %

const MetricBaseline* baseline_of(const Baseline& baseline, const std::string& metric) {
  const auto found = baseline.metrics.find(metric);
  return found == baseline.metrics.end() || !found->second.value ? nullptr : &found->second;
}

Finding asked(std::string id, std::string title) {
  return {.id = std::move(id), .sop = "rollback", .title = std::move(title), .critical = true};
}

Finding judge_errors(const Baseline& baseline, const Grid& grid) {
  Finding finding = asked("rollback-error-rate", "Error rate back at baseline");
  const auto* before = baseline_of(baseline, "error_rate");
  Counts seen;
  for (const auto& point : grid.points) {
    if (point.counts) seen = {seen.errors + point.counts->errors, seen.requests + point.counts->requests};
  }
  if (before == nullptr) {
    finding.message = "no baseline of the error rate";
    return finding;
  }
  const Counts was{.errors = before->errors, .requests = before->requests};
  const double z = normal_quantile(0.98);
  finding.observed = measured("error_rate", seen.percent());
  finding.expected = Expected("<=", measured("error_rate", *before->value + kPoints));
  if (seen.requests < requests_needed(was, 5, z)) {
    finding.message = fmt::format("{:.0f} requests since are too few", seen.requests);
    return finding;
  }
  const bool worse = seen.percent() > *before->value + kPoints && difference_lower_bound(seen, was, z) > 0;
  finding.outcome = worse ? Outcome::fail : Outcome::pass;
  return finding;
}

/// The newest percentile decides: the window before it may still hold the tail of the move.
Finding judge_latency(const Baseline& baseline, const Grid& grid) {
  Finding finding = asked("rollback-latency-p95", "P95 latency back at baseline");
  const auto* before = baseline_of(baseline, "latency_p95");
  if (before == nullptr || grid.points.empty() || !grid.points.back().latency_p95) {
    finding.message = before == nullptr ? "no baseline of the latency" : "no sample of the latency histogram";
    return finding;
  }
  const double limit = *before->value * (1 + kShare / 100);
  finding.observed = measured("latency_p95", *grid.points.back().latency_p95);
  finding.expected = Expected("<=", measured("latency_p95", limit));
  finding.outcome = *grid.points.back().latency_p95 > limit ? Outcome::fail : Outcome::pass;
  return finding;
}

void summarise(AfterRollback& recovery) {
  const auto outcome = [&](Outcome wanted) {
    return std::find_if(recovery.findings.begin(), recovery.findings.end(),
                        [&](const Finding& finding) { return finding.outcome == wanted; });
  };
  if (const auto worse = outcome(Outcome::fail); worse != recovery.findings.end()) {
    recovery.state = AfterRollback::State::not_back;
    recovery.reason = finding_line(*worse);
  } else if (const auto open = outcome(Outcome::unknown); open != recovery.findings.end()) {
    recovery.reason = "baseline inconclusive: " + open->message;
  } else {
    recovery.state = AfterRollback::State::back;
  }
}

}  // namespace

AfterRollback judge_after_rollback(prometheus::Client& store, const Config& config, const Baseline& baseline,
                                   const Scope& scope, Time from, Time to, std::stop_token stop) {
  AfterRollback recovery;
  const Duration step = config.watch().step;
  const Time end = to - config.metrics().lag;
  const Stretch stretch{.from = end - (end - from) / step * step, .to = end, .step = step};
  try {
    CountersByPod counters;
    Stretch first{.from = stretch.from, .to = stretch.from, .step = step};
    const auto queries = queries_for(config, scope, rate_window(config));
    // What the counters stood at when the rollback was done is not what came after it.
    read_grid(store, queries, first, counters, stop);
    Grid grid = read_grid(store, queries, stretch, counters, stop);
    if (!grid.warnings.empty())
      throw Error(ExitCode::unknown, "the metrics store answers partly: " + grid.warnings.front());
    recovery.findings = {judge_errors(baseline, grid), judge_latency(baseline, grid)};
    summarise(recovery);
  } catch (const Error& error) {
    if (error.code() == ExitCode::interrupted) throw;
    recovery.reason = std::string("baseline inconclusive: ") + error.what();
  }
  return recovery;
}

}  // namespace baton::judge
