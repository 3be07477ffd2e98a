// SOP 4.2: one entry a deployment in docs/deployment-history.md.
#include <fmt/format.h>

#include "common/config/sections/finalize.h"
#include "common/core/printable.h"
#include "tools/finalize/action.h"

namespace baton::finalize {
namespace {

/// Other environments write no history.
std::optional<Time> due(const View& env, const Story&) {
  if (env.config.environment != "production") return std::nullopt;
  return env.started_at;
}

std::string marker(const Story& story) { return "<!-- baton " + story.release.id + " -->"; }

std::string entry_of(const Story& story) {
  const Time when = story.switched.value_or(story.begun);
  const bool rolled_back = story.ending == Ending::rolled_back || story.ending == Ending::failed;
  return fmt::format(
      "{}\n## {} - {}\n- Deployed: {}\n- Strategy: Blue-Green\n- Duration: {}\n- Issues: {}\n- Rollback: {}\n- Status: "
      "{}\n",
      marker(story), printable(story.release.version, 100), to_date(when), to_minutes(when), duration_text(story),
      story.issues.empty() ? "None" : std::to_string(story.issues.size()) + ", see the deployment summary",
      rolled_back ? "Needed" : "Not needed", ending_text(story.ending));
}

/// Replaces this deployment's entry, or adds one at the end.
std::string with_entry(const std::string& text, const Story& story) {
  const std::string head = text.empty() ? "# Deployment History\n" : text;
  const auto begin = head.find(marker(story));
  if (begin == std::string::npos) return head + (head.ends_with('\n') ? "\n" : "\n\n") + entry_of(story);
  const auto next = head.find("\n<!-- baton ", begin);
  return head.substr(0, begin) + entry_of(story) + (next == std::string::npos ? "" : head.substr(next));
}

Done perform(Env& env, const Story& story) {
  const fs::path file = env.config.finalize().history;
  const auto before = read_file_if_exists(file).value_or("");
  const auto after = with_entry(before, story);
  if (after != before) write_file(file, after);
  return {.message = file.string()};
}

}  // namespace

extern const Action history{"deployment-history", "4.2", "Deployment history", due, perform};

}  // namespace baton::finalize
