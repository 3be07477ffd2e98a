// Reads the handoffs once.
#include "tools/finalize/deployment.h"

#include <fmt/format.h>

#include <algorithm>

#include "common/core/finding_text.h"
#include "common/core/number.h"
#include "common/core/text.h"
#include "common/core/units.h"

namespace baton::finalize {
namespace {

constexpr Duration kTarget = std::chrono::minutes(30);  // SOP, "Deployment Duration"

struct Begin {
  Time time{};
  bool is_build_in = false;
};

/// Where the CI does not tell, the first step wrote its own start down as the pipeline's.
Begin begin_of(std::span<const Handoff> handoffs, const Known& known) {
  if (handoffs.empty()) return {.time = known.started_at};
  const Time first = handoffs.front().started_at;
  for (const auto& handoff : handoffs) {
    const auto pipeline = parse_rfc3339(handoff.run.pipeline_started_at);
    if (pipeline) return {.time = *pipeline, .is_build_in = *pipeline < first};
  }
  return {.time = first};
}

/// Of a switch that kept the release.
std::optional<Time> soaked_at(const Handoff* cutover) {
  const bool is_kept =
      cutover != nullptr && (cutover->verdict == Verdict::proceed || cutover->verdict == Verdict::caution);
  return is_kept ? std::optional(cutover->finished_at) : std::nullopt;
}

std::optional<double> coverage_of(const Handoff* watch) {
  const auto* coverage = watch == nullptr ? nullptr : watch->state.find("coverage");
  return coverage == nullptr ? std::nullopt : parse_decimal(coverage->string());
}

void add_issues(const Handoff& handoff, std::vector<std::string>& issues) {
  for (const auto& finding : handoff.findings) {
    if (finding.outcome == Outcome::pass || finding.outcome == Outcome::skipped) continue;
    // What nobody could tell and nobody had to is no issue of the release: too few requests, a check that is not there.
    if (finding.outcome == Outcome::unknown && !finding.critical) continue;
    issues.push_back(fmt::format("{}: {} ({})", handoff.step, finding_line(finding), outcome_name(finding.outcome)));
  }
}

/// As the cluster has it, else as the last step that knew of it left it.
std::optional<rollout::Move> move_of(const Handoff* cutover, const Handoff* watch,
                                     const std::optional<rollout::Move>& recorded, const std::string& id) {
  if (recorded && recorded->id == id) return recorded;
  for (const auto* handoff : {watch, cutover}) {
    if (handoff != nullptr && handoff->state.find("move") != nullptr)
      return rollout::move_from_json(handoff->state["move"]);
  }
  return std::nullopt;
}

std::vector<std::string> missing_steps(std::span<const Handoff> handoffs, bool has_database) {
  std::vector<std::string> missing;
  for (const std::string_view step : {"precheck", "migrate", "switch", "watch"}) {
    const bool is_needed = step != "migrate" || has_database;
    if (is_needed && find_step(handoffs, step) == nullptr) missing.emplace_back(step);
  }
  return missing;
}

}  // namespace

Deployment deployment_of(std::span<const Handoff> handoffs, const Known& known) {
  const auto* cutover = find_step(handoffs, "switch");
  const auto* watch = find_step(handoffs, "watch");
  const auto begin = begin_of(handoffs, known);
  const Release release = handoffs.empty() ? known.release : handoffs.back().release;
  Deployment deployment{.release = release,
                        .ending = ending_of({.handoffs = handoffs, .id = release.id, .recorded = known.recorded}),
                        .begun = begin.time,
                        .is_build_in = begin.is_build_in,
                        .soaked = soaked_at(cutover),
                        .move = move_of(cutover, watch, known.recorded, release.id),
                        .coverage = coverage_of(watch),
                        .missing = missing_steps(handoffs, known.has_database)};
  if (const auto& move = deployment.move) {
    deployment.switched = move->proved_at ? move->proved_at : move->patched_at;
    deployment.strategy = rollout::strategy_title(move->strategy);
  }
  for (const auto& handoff : handoffs) add_issues(handoff, deployment.issues);
  return deployment;
}

std::string ending_text(const Deployment& deployment) {
  std::string text(row_of(deployment.ending).text);
  const bool is_by_person = deployment.ending == Ending::rolled_back_by_person && deployment.move;
  if (!is_by_person) return text;
  return text + in_brackets(deployment.move->undo_by + ": " + deployment.move->undo_reason);
}

bool is_live(const Deployment& deployment) { return row_of(deployment.ending).serving == Serving::new_version; }

std::string duration_text(const Deployment& deployment) {
  if (!deployment.switched) return "not known";
  return fmt::format("{} from {} ({}) to {} (traffic switched)",
                     to_words(std::chrono::ceil<std::chrono::seconds>(*deployment.switched - deployment.begun)),
                     to_rfc3339(deployment.begun),
                     deployment.is_build_in ? "pipeline start" : "first step; the build before it is not known",
                     to_rfc3339(*deployment.switched));
}

std::optional<Outcome> duration_mark(const Deployment& deployment) {
  const bool is_canary = deployment.move && deployment.move->strategy == rollout::kCanary;
  if (!deployment.switched || !deployment.is_build_in || is_canary) return std::nullopt;
  return *deployment.switched - deployment.begun < kTarget ? Outcome::pass : Outcome::warn;
}

}  // namespace baton::finalize
