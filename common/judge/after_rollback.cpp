// After a rollback: are error rate and P95 back where they were (decisions 30)?
#include "common/judge/after_rollback.h"

#include <fmt/format.h>

#include <algorithm>

#include "common/config/sections/metrics.h"
#include "common/config/sections/watch.h"
#include "common/core/finding_text.h"
#include "common/judge/grid.h"
#include "common/judge/own_query.h"
#include "common/judge/scrapes.h"

namespace baton::judge {
namespace {

constexpr double kPoints = 1;  // SOP, "Health Check Criteria": error rate <= baseline + 1 %
constexpr double kShare = 20;  // and P95 <= baseline + 20 %

Finding asked(std::string id, std::string title) {
  return {.id = std::move(id), .sop = "rollback", .title = std::move(title), .critical = true};
}

Finding judge_errors(const Baseline& baseline, std::span<const Point> points) {
  Finding finding = asked("rollback-error-rate", "Error rate back at baseline");
  const auto* before = baseline.find(kErrorRate);
  Counts seen;
  for (const auto& point : points) {
    if (point.counts) seen = {seen.errors + point.counts->errors, seen.requests + point.counts->requests};
  }
  if (before == nullptr) {
    finding.message = "no baseline of the error rate";
    return finding;
  }
  if (before->requests <= 0) {
    finding.message = "no requests were counted before it";
    return finding;
  }
  const Counts was{.errors = before->errors, .requests = before->requests};
  const double z = normal_quantile(0.98);
  finding.observed = measured(kErrorRate, seen.percent());
  finding.expected = Expected("<=", measured(kErrorRate, *before->value + kPoints));
  if (seen.requests < requests_needed(was, 5, z)) {
    finding.message = fmt::format("{:.0f} requests since are too few", seen.requests);
    return finding;
  }
  const bool worse = seen.percent() > *before->value + kPoints && difference_lower_bound(seen, was, z) > 0;
  finding.outcome = worse ? Outcome::fail : Outcome::pass;
  return finding;
}

/// The newest percentile decides: the window before it may still hold the tail of the move.
Finding judge_latency(const Baseline& baseline, std::span<const Point> points, Duration step) {
  Finding finding = asked("rollback-latency-p95", "P95 latency back at baseline");
  const auto* before = baseline.find(kLatencyP95);
  if (before == nullptr) {
    finding.message = "no baseline of the latency";
    return finding;
  }
  finding.message = "no sample of the latency histogram";
  if (points.empty()) return finding;
  const auto newest = value_at(kLatencyP95, points.back(), step);
  if (!newest) return finding;
  finding.message.clear();
  const double limit = *before->value * (1 + kShare / 100);
  finding.observed = measured(kLatencyP95, *newest);
  finding.expected = Expected("<=", measured(kLatencyP95, limit));
  finding.outcome = *newest > limit ? Outcome::fail : Outcome::pass;
  return finding;
}

void summarise(AfterRollback& recovery) {
  const auto first = [&](Outcome outcome) -> const Finding* {
    const auto found = std::ranges::find(recovery.findings, outcome, &Finding::outcome);
    return found == recovery.findings.end() ? nullptr : &*found;
  };
  if (const auto* worse = first(Outcome::fail)) {
    recovery.state = AfterRollback::State::not_back;
    recovery.reason = finding_line(*worse);
  } else if (const auto* open = first(Outcome::unknown)) {
    recovery.reason = "baseline inconclusive: " + open->message;
  } else {
    recovery.state = AfterRollback::State::back;
  }
}

/// What came after the rollback: what the counters stood at when it was done is not part of it.
std::vector<Point> points_since(prometheus::Client& store, const Config& config, const Baseline& baseline,
                                const Scope& scope, const Stretch& stretch, const std::stop_token& stop) {
  Baseline known = baseline;
  if (!known.source) {
    const auto found = find_source(store, selector_for(config, scope, rate_window(config)), stretch.to, stop);
    known.source = source_beside(known.own, found);
  }
  const auto terms = terms_for(config, scope, known);
  Stretch first = stretch;
  first.to = first.from;
  CountersByPod counters;
  points_of(read_answers(store, terms, first, stop), first, counters);
  const auto answers = read_answers(store, terms, stretch, stop);
  return points_of(answers, stretch, counters);
}

}  // namespace

AfterRollback judge_after_rollback(prometheus::Client& store, const Config& config, const Baseline& baseline,
                                   const Scope& scope, Time from, Time to, std::stop_token stop) {
  AfterRollback recovery;
  const Duration step = config.watch().step;
  const Time end = to - config.metrics().lag;
  const Stretch stretch{.from = end - (end - from) / step * step,
                        .to = end,
                        .step = step,
                        .max_age = max_sample_age(baseline.scraped_every.value_or(kRarestScrape))};
  try {
    const auto points = points_since(store, config, baseline, scope, stretch, stop);
    recovery.findings = {judge_errors(baseline, points), judge_latency(baseline, points, step)};
    summarise(recovery);
  } catch (const Error& error) {
    if (error.code() == ExitCode::interrupted) throw;
    recovery.reason = std::string("baseline inconclusive: ") + error.what();
  }
  return recovery;
}

}  // namespace baton::judge
