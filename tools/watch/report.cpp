// SOP step 3, "Output Artifacts": monitoring-report-<release>.md.
#include "tools/watch/report.h"

#include <fmt/format.h>

#include <array>

#include "common/judge/coverage.h"
#include "common/judge/verdict.h"

namespace baton::watch {
namespace {

struct MetricLine {
  std::string_view metric;
  std::string_view heading;
  std::array<std::string_view, 2> rules;  ///< ids of the findings that mark it
};

constexpr std::array kMetrics = {
    MetricLine{"error_rate", "Error Rate", {"error-rate-critical", "error-rate-warning"}},
    MetricLine{"latency_p95", "Latency (P95)", {"latency-p95-critical", "latency-p95-warning"}},
    MetricLine{"request_rate", "Request Rate", {}},
    MetricLine{"cpu", "CPU", {"cpu-critical", "cpu-warning"}},
    MetricLine{"memory", "Memory", {"memory-critical", "memory-warning"}},
};

/// The worse of the metric's two rules; a metric without rules is shown, not judged.
std::optional<Outcome> mark_of(const MetricLine& line, const judge::Look& look) {
  std::optional<Outcome> worst;
  for (const auto& finding : look.findings) {
    if (finding.id != line.rules[0] && finding.id != line.rules[1]) continue;
    // Findings come worst first.
    if (!worst) worst = finding.outcome;
  }
  return worst;
}

std::string baseline_text(const judge::Baseline& baseline, std::string_view metric) {
  const auto found = baseline.metrics.find(std::string(metric));
  if (found == baseline.metrics.end() || !found->second.value) return "not known";
  return judge::measured(metric, *found->second.value).text();
}

ReportSection section_of(const MetricLine& line, const ReportFacts& facts) {
  ReportSection section{.heading = std::string(line.heading), .level = 3};
  section.lines.push_back({.text = "Baseline: " + baseline_text(facts.baseline, line.metric)});
  const auto& figures = facts.session.seen().figures;
  const auto found = figures.find(std::string(line.metric));
  if (found == figures.end()) {
    section.lines.push_back({.text = "Post-deployment: nothing was measured", .mark = Outcome::unknown});
    return section;
  }
  section.lines.push_back({.text = fmt::format("Post-deployment avg: {} (peak {}, latest {})",
                                               judge::measured(line.metric, found->second.mean()).text(),
                                               judge::measured(line.metric, found->second.highest).text(),
                                               judge::measured(line.metric, found->second.newest).text()),
                           .mark = mark_of(line, facts.look)});
  return section;
}

ReportSection breaches_of(const ReportFacts& facts) {
  ReportSection section{.heading = "Breaches", .level = 3};
  for (const auto& breach : facts.session.seen().breaches) {
    section.lines.push_back(
        {.text = fmt::format("{} from {} to {}", breach.rule, to_rfc3339(breach.from), to_rfc3339(breach.to)),
         .mark = Outcome::warn});
  }
  if (section.lines.empty()) section.lines.push_back({.text = "None"});
  return section;
}

ReportSection coverage_of(const ReportFacts& facts) {
  ReportSection section{.heading = "Coverage", .level = 3};
  section.lines.push_back(
      {.text = fmt::format("Judged: {:.1f} % of the time since {}", facts.coverage, to_rfc3339(facts.phases.start)),
       .mark = facts.coverage >= judge::kMinCoverage ? Outcome::pass : Outcome::unknown});
  for (const auto& [first, last] : facts.session.seen().gaps) {
    section.lines.push_back(
        {.text = fmt::format("Gap from {} to {}", to_rfc3339(first), to_rfc3339(last)), .mark = Outcome::unknown});
  }
  return section;
}

std::string closing_of(const ReportFacts& facts) {
  switch (facts.look.state) {
    case judge::State::critical:
      return "Status: ❌ UNHEALTHY";
    case judge::State::blind:
      return "Status: ❔ BLIND";
    case judge::State::inconclusive:
      return "Status: ❔ INCONCLUSIVE";
    case judge::State::warning:
      return "Status: ⚠️ WARNING";
    case judge::State::healthy:
      break;
  }
  if (!facts.session.seen().breaches.empty()) return "Status: ⚠️ STABLE AGAIN";
  return facts.coverage >= judge::kMinCoverage ? "Status: ✅ STABLE" : "Status: ❔ NOT ENOUGH WAS SEEN";
}

}  // namespace

Report monitoring_report(const ReportFacts& facts) {
  Report report{.title = "Post-Deployment Monitoring Report: " + facts.version, .closing = closing_of(facts)};
  const auto phase = facts.phases.at(facts.now);
  report.sections.push_back(
      {.heading = fmt::format("Monitoring since {} ({})", to_minutes(facts.phases.start),
                              phase == Phase::over ? "complete" : std::string(phase_name(phase)) + " phase")});
  for (const auto& line : kMetrics) report.sections.push_back(section_of(line, facts));
  report.sections.push_back(breaches_of(facts));
  report.sections.push_back(coverage_of(facts));
  report.sections.push_back({.heading = "User Feedback",
                             .lines = {{.text = "Not watched by this version", .mark = Outcome::unknown}},
                             .level = 3});
  return report;
}

}  // namespace baton::watch
