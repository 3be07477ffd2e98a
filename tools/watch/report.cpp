// SOP step 3, "Output Artifacts": monitoring-report-<release>.md.
#include "tools/watch/report.h"

#include <fmt/format.h>

#include <algorithm>

#include "common/core/finding_text.h"
#include "common/judge/coverage.h"
#include "common/judge/own_query.h"
#include "common/judge/rules.h"
#include "tools/watch/decide.h"

namespace baton::watch {
namespace {

/// The worse of the metric's two rules; a metric without rules is shown, not judged.
std::optional<Outcome> mark_of(const judge::Metric& metric, const judge::Look& look) {
  // Findings come worst first.
  for (const auto& finding : look.findings) {
    const auto* rule = judge::find_rule(finding.id);
    if (rule != nullptr && &rule->metric == &metric) return finding.outcome;
  }
  return std::nullopt;
}

std::string baseline_text(const judge::Baseline& baseline, const judge::Metric& metric) {
  const auto* known = baseline.find(metric);
  return known == nullptr ? "not known" : judge::measured(metric, *known->value).text();
}

/// What the same hours were a day before; empty where nobody asks for it.
std::string yesterday_text(const judge::Metric& metric, const judge::Figures& figures) {
  if (metric.baseline != judge::BaselineKind::with_day) return "";
  if (figures.yesterdays == 0) return "Yesterday: nothing is known of these hours";
  return fmt::format("Yesterday at these hours: {}{}", judge::measured(metric, figures.yesterday_mean()).text(),
                     figures.yesterdays < figures.samples ? ", not known of all of them" : "");
}

ReportSection section_of(const judge::Metric& metric, const ReportFacts& facts) {
  ReportSection section{.heading = std::string(metric.heading), .level = 3};
  section.lines.push_back({.text = "Baseline: " + baseline_text(facts.baseline, metric)});
  const auto& figures = facts.session.seen().figures;
  const auto found = figures.find(std::string(metric.id));
  if (found == figures.end()) {
    section.lines.push_back({.text = "Post-deployment: nothing was measured", .mark = Outcome::unknown});
    return section;
  }
  const auto text = [&](double value) { return judge::measured(metric, value).text(); };
  section.lines.push_back(
      {.text = fmt::format("Post-deployment avg: {} (peak {}, latest {})", text(found->second.mean()),
                           text(found->second.highest), text(found->second.newest)),
       .mark = mark_of(metric, facts.look)});
  if (auto yesterday = yesterday_text(metric, found->second); !yesterday.empty())
    section.lines.push_back({.text = std::move(yesterday)});
  return section;
}

/// What was decided about a breach that is a warning: "; accepted by jo at …".
std::string decision_on(const judge::Breach& breach, const ReportFacts& facts) {
  const Warning shown{.rule = breach.rule, .since = breach.from, .until = breach.to};
  const auto known = std::ranges::find_if(facts.warnings, [&](const Warning& one) { return one.is_same(shown); });
  const auto decision = known == facts.warnings.end() ? "" : decision_text(*known, facts.now);
  return decision.empty() ? "" : "; " + decision;
}

/// What was looked at where no metrics were judged.
ReportSection pods_seen(const ReportFacts& facts) {
  ReportSection section{.heading = "Metrics", .level = 3};
  section.lines.push_back({.text = "Not judged: " + facts.without_metrics, .mark = Outcome::unknown});
  for (const auto& finding : facts.look.findings) {
    if (finding.outcome != Outcome::skipped)
      section.lines.push_back({.text = finding_line(finding), .mark = finding.outcome});
  }
  return section;
}

/// What the pods told beside the metrics.
ReportSection pods_beside(const ReportFacts& facts) {
  ReportSection section{.heading = "Pods", .level = 3};
  for (const auto& finding : facts.look.findings) {
    if (judge::find_rule(finding.id) == nullptr)
      section.lines.push_back({.text = finding_line(finding), .mark = finding.outcome});
  }
  if (section.lines.empty())
    section.lines.push_back({.text = "Nobody looked: the cluster could not be asked", .mark = Outcome::unknown});
  return section;
}

ReportSection breaches_of(const ReportFacts& facts) {
  ReportSection section{.heading = "Breaches", .level = 3};
  for (const auto& breach : facts.session.seen().breaches) {
    section.lines.push_back({.text = fmt::format("{} from {} to {}{}", breach.rule, to_rfc3339(breach.from),
                                                 to_rfc3339(breach.to), decision_on(breach, facts)),
                             .mark = Outcome::warn});
  }
  if (section.lines.empty()) section.lines.push_back({.text = "None"});
  return section;
}

/// The queries themselves are in the handoff, with {{pods}} left open.
ReportSection pods_of(const ReportFacts& facts) {
  ReportSection section{.heading = "Queries", .level = 3};
  const auto add = [&](const std::string& whose, const std::vector<std::string>& pods) {
    section.lines.push_back(
        {.text = fmt::format("{{{{pods}}}} of {}: {}", whose, pods.empty() ? "not known" : judge::pods_regex(pods))});
  };
  add("the baseline", facts.baseline.pods);
  add(facts.version, facts.session.seen().pods);
  return section;
}

ReportSection coverage_of(const ReportFacts& facts) {
  ReportSection section{.heading = "Coverage", .level = 3};
  section.lines.push_back({.text = facts.without_metrics.empty()
                                       ? fmt::format("Judged: {:.1f} % of the time since {}", facts.coverage,
                                                     to_rfc3339(facts.phases.start))
                                       : fmt::format("Looked at: {:.1f} % of what the phases ask for since {}",
                                                     facts.coverage, to_rfc3339(facts.phases.start)),
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
      if (!facts.without_metrics.empty()) return "Status: ⚠️ LIVE, WATCHED WITHOUT METRICS";
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
                              phase == Phase::over ? "complete" : std::string(phase_name(phase)) + " phase"),
       .lines = facts.head});
  if (!facts.without_metrics.empty()) report.sections.push_back(pods_seen(facts));
  for (const auto* metric : judge::metrics()) {
    const bool is_asked_for = facts.without_metrics.empty() && judge::is_asked_for(*metric, facts.baseline.own);
    if (is_asked_for) report.sections.push_back(section_of(*metric, facts));
  }
  if (facts.without_metrics.empty()) report.sections.push_back(pods_beside(facts));
  report.sections.push_back(breaches_of(facts));
  if (!facts.way_back.empty()) report.sections.push_back({.heading = "Way Back", .lines = facts.way_back, .level = 3});
  report.sections.push_back(coverage_of(facts));
  report.sections.push_back({.heading = "User Feedback",
                             .lines = {{.text = "Not watched by this version", .mark = Outcome::unknown}},
                             .level = 3});
  report.sections.push_back(pods_of(facts));
  return report;
}

}  // namespace baton::watch
