// SOP 4, "Output Artifacts": deployment-summary-<release>.md.
#include <fmt/format.h>

#include <algorithm>

#include "common/core/report.h"
#include "common/core/units.h"
#include "common/judge/baseline.h"
#include "common/judge/rules.h"
#include "common/step/build_record.h"
#include "common/step/record.h"
#include "common/step/report_head.h"
#include "tools/finalize/action.h"

namespace baton::finalize {
namespace {

std::optional<Time> due(const View& env, const Deployment&) { return env.started_at; }

/// "25m 12s from …Z to …Z".
std::string stretch_text(Time from, Time to) {
  return fmt::format("{} from {} to {}", to_words(std::chrono::ceil<std::chrono::seconds>(to - from)), to_rfc3339(from),
                     to_rfc3339(to));
}

/// As precheck took it over: there it was about this very image.
std::vector<ReportLine> build_lines_of(const View& env) {
  const auto* handoff = find_step(env.earlier, "precheck");
  const auto* build = handoff == nullptr ? nullptr : handoff->state.find("build");
  if (build == nullptr) return {{.text = "Image build: not known"}};
  std::vector<ReportLine> lines;
  for (auto& line : build_lines(build_record_from(*build))) lines.push_back({.text = std::move(line)});
  return lines;
}

/// The SOP's "Downtime", as switch counted it.
ReportLine downtime_line(const View& env) {
  const auto* handoff = find_step(env.earlier, "switch");
  const auto none = std::vector<Finding>{};
  const auto& findings = handoff == nullptr ? none : handoff->findings;
  const auto found = std::ranges::find(findings, "downtime", &Finding::id);
  if (found == findings.end()) return {.text = "Downtime: not measured"};
  const auto shown = found->outcome == Outcome::pass ? "0 seconds" : found->observed.text() + " more failed";
  return {.text = fmt::format("Downtime: {}, {}", shown, found->message), .mark = found->outcome};
}

ReportSection overview(const View& env, const Deployment& deployment) {
  ReportSection section{.heading = "Overview", .lines = {{.text = "Status: " + ending_text(deployment)}}};
  for (auto& line : head_of(env, deployment.begun, env.clock.now())) section.lines.push_back(std::move(line));
  section.lines.push_back(
      {.text = "Deployed: " + (deployment.switched ? to_minutes(*deployment.switched) : "traffic was never switched")});
  section.lines.push_back({.text = "Strategy: " + std::string(deployment.strategy)});
  section.lines.push_back({.text = "Duration: " + duration_text(deployment), .mark = duration_mark(deployment)});
  if (deployment.switched) section.lines.push_back(downtime_line(env));
  if (deployment.soaked)
    section.lines.push_back({.text = "With the soak: " + stretch_text(deployment.begun, *deployment.soaked)});
  if (deployment.move) section.lines.push_back({.text = "Image: " + deployment.move->digest});
  for (auto& line : build_lines_of(env)) section.lines.push_back(std::move(line));
  return section;
}

/// How a step ended, and when; what is not there is said.
ReportSection step_section(const Handoff* handoff, std::string_view step, std::string_view heading) {
  ReportSection section{.heading = std::string(heading)};
  if (handoff == nullptr) {
    section.lines.push_back({.text = std::string(step) + " left no handoff", .mark = Outcome::unknown});
    return section;
  }
  section.lines.push_back({.text = fmt::format("{}: {}, {}", step, verdict_words(handoff->verdict),
                                               stretch_text(handoff->started_at, handoff->finished_at))});
  return section;
}

ReportSection with_findings(ReportSection section, std::span<const Finding> findings) {
  for (auto& line : condensed(findings)) section.lines.push_back(std::move(line));
  return section;
}

ReportSection checked(const View& env, std::string_view step, std::string_view heading) {
  const auto* handoff = find_step(env.earlier, step);
  auto section = step_section(handoff, step, heading);
  return handoff == nullptr ? section : with_findings(std::move(section), handoff->findings);
}

/// What the watch saw of a metric, beside what it was before; the worse of its two rules. Findings come worst first.
std::optional<ReportLine> metric_line(const judge::Metric& metric, const Handoff& watch,
                                      const judge::Baseline& baseline) {
  const auto found = std::ranges::find_if(watch.findings, [&](const Finding& finding) {
    const auto* rule = judge::find_rule(finding.id);
    return rule != nullptr && &rule->metric == &metric && !finding.observed.is_empty();
  });
  if (found == watch.findings.end()) return std::nullopt;
  const auto* before = baseline.find(metric);
  return ReportLine{
      .text = fmt::format("{}: {} (baseline: {})", metric.heading, found->observed.text(),
                          before == nullptr ? "not known" : judge::measured(metric, *before->value).text()),
      .mark = found->outcome};
}

/// The SOP's lines of metrics with their baselines, then what was not in order.
ReportSection watched(const View& env, const Deployment& deployment) {
  const auto* handoff = find_step(env.earlier, "watch");
  auto section = step_section(handoff, "watch", "Post-Deployment");
  if (handoff == nullptr) return section;
  if (deployment.coverage)
    section.lines.push_back({.text = fmt::format("Watched: {} % of its window", number_text(*deployment.coverage))});
  const auto* known = handoff->state.find("baseline");
  const auto baseline = known == nullptr ? judge::Baseline{} : judge::baseline_from_json(*known);
  for (const auto* metric : judge::metrics()) {
    if (auto line = metric_line(*metric, *handoff, baseline)) section.lines.push_back(std::move(*line));
  }
  return with_findings(std::move(section), handoff->findings);
}

ReportSection listed(std::string_view heading, const std::vector<std::string>& lines) {
  ReportSection section{.heading = std::string(heading)};
  for (const auto& line : lines) section.lines.push_back({.text = line});
  if (lines.empty()) section.lines.push_back({.text = "None"});
  return section;
}

/// Why, when and by whom; the analysis is named only where it lies.
ReportSection rollback_section(const View& env, const Deployment& deployment) {
  ReportSection section{.heading = "Rollback", .lines = {{.text = std::string(row_of(deployment.ending).rollback)}}};
  if (const auto& move = deployment.move; move && move->phase >= rollout::Phase::undoing) {
    section.lines.push_back({.text = fmt::format("Why: {} (by {})", move->undo_reason, move->undo_by)});
    if (move->undone_at) section.lines.push_back({.text = "Traffic was back: " + to_rfc3339(*move->undone_at)});
  }
  const std::string analysis = fmt::format("post-rollback-analysis-{}.md", deployment.release.version);
  if (fs::exists(env.dir / analysis)) section.lines.push_back({.text = "See " + analysis});
  return section;
}

Done perform(Env& env, const Deployment& deployment) {
  Report report{.title = "Deployment Summary: " + deployment.release.version};
  report.sections.push_back(overview(env, deployment));
  report.sections.push_back(checked(env, "precheck", "Pre-Deployment"));
  if (env.loaded.is_given("database.url")) report.sections.push_back(checked(env, "migrate", "Database Migration"));
  report.sections.push_back(checked(env, "switch", "Deployment"));
  report.sections.push_back(watched(env, deployment));
  report.sections.push_back(listed("Issues", deployment.issues));
  report.sections.push_back(rollback_section(env, deployment));
  if (!deployment.missing.empty()) report.sections.push_back(listed("Missing handoffs", deployment.missing));
  const auto file = env.dir / fmt::format("deployment-summary-{}.md", deployment.release.version);
  write_file(inside(env.dir, file), to_markdown(report));
  return {.message = file.filename().string(), .artifacts = {file}};
}

}  // namespace

extern const Action summary{
    .id = "deployment-summary", .sop = "4", .title = "Deployment summary", .due = due, .perform = perform};

}  // namespace baton::finalize
