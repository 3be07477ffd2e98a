// Reads the handoffs once.
#include "tools/finalize/story.h"

#include <fmt/format.h>

#include <charconv>

#include "common/core/units.h"

namespace baton::finalize {
namespace {

Time begin_of(const View& env) {
  for (const auto& handoff : env.earlier) {
    if (const auto pipeline = parse_rfc3339(handoff.run.pipeline_started_at)) return *pipeline;
  }
  return env.earlier.empty() ? env.started_at : env.earlier.front().started_at;
}

std::optional<double> coverage_of(const Handoff* watch) {
  if (watch == nullptr || watch->state.find("coverage") == nullptr) return std::nullopt;
  const std::string& text = watch->state["coverage"].string();
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

Ending ending_of(const Handoff* cutover, const Handoff* watch) {
  for (const auto* handoff : {watch, cutover}) {
    if (handoff == nullptr) continue;
    if (handoff->verdict == Verdict::rolled_back) return Ending::rolled_back;
    if (handoff->verdict == Verdict::rollback_failed || handoff->verdict == Verdict::stop) return Ending::failed;
  }
  const auto went_well = [](const Handoff* handoff) {
    return handoff != nullptr && (handoff->verdict == Verdict::proceed || handoff->verdict == Verdict::caution);
  };
  return went_well(cutover) && went_well(watch) ? Ending::successful : Ending::incomplete;
}

void add_issues(const Handoff& handoff, std::vector<std::string>& issues) {
  for (const auto& finding : handoff.findings) {
    if (finding.outcome == Outcome::pass || finding.outcome == Outcome::skipped) continue;
    issues.push_back(
        fmt::format("{}: {} ({}) {}", handoff.step, finding.title, outcome_name(finding.outcome), finding.message));
  }
}

std::optional<rollout::Move> move_of(const std::vector<Handoff>& handoffs) {
  for (const auto step : {"watch", "switch"}) {
    const auto* handoff = step_of(handoffs, step);
    if (handoff != nullptr && handoff->state.find("move") != nullptr)
      return rollout::move_from_json(handoff->state["move"]);
  }
  return std::nullopt;
}

}  // namespace

const Handoff* step_of(const std::vector<Handoff>& handoffs, std::string_view step) {
  for (const auto& handoff : handoffs) {
    if (handoff.step == step) return &handoff;
  }
  return nullptr;
}

Story story_of(const View& env) {
  const auto* cutover = step_of(env.earlier, "switch");
  const auto* watch = step_of(env.earlier, "watch");
  Story story{.release = env.release,
              .ending = ending_of(cutover, watch),
              .begun = begin_of(env),
              .move = move_of(env.earlier),
              .coverage = coverage_of(watch)};
  if (story.move) story.switched = story.move->proved_at ? story.move->proved_at : story.move->patched_at;
  for (const auto& handoff : env.earlier) add_issues(handoff, story.issues);
  for (const auto step : {"precheck", "migrate", "switch", "watch"}) {
    const bool not_needed = std::string_view(step) == "migrate" && !env.loaded.is_given("database.url");
    if (!not_needed && step_of(env.earlier, step) == nullptr) story.missing.emplace_back(step);
  }
  return story;
}

std::string ending_text(Ending ending) {
  switch (ending) {
    case Ending::successful:
      return "Successful ✅";
    case Ending::rolled_back:
      return "Rolled back ⚠️";
    case Ending::failed:
      return "Failed ❌";
    case Ending::incomplete:
      return "Incomplete ❔";
  }
  return "Incomplete ❔";
}

std::string duration_text(const Story& story) {
  if (!story.switched) return "not known";
  return to_words(std::chrono::ceil<std::chrono::seconds>(*story.switched - story.begun)) +
         " (pipeline start to traffic switch)";
}

}  // namespace baton::finalize
