// SOP 4.2: one entry a deployment in docs/deployment-history.md.
#include <fmt/format.h>

#include "common/config/sections/finalize.h"
#include "common/core/printable.h"
#include "tools/finalize/action.h"

namespace baton::finalize {
namespace {

/// Other environments write no history.
std::optional<Time> due(const View& env, const Deployment&) {
  if (env.config.environment != "production") return std::nullopt;
  return env.started_at;
}

std::string marker(const Deployment& deployment) { return "<!-- baton " + deployment.release.id + " -->"; }

std::string entry_of(const Deployment& deployment) {
  const Time when = deployment.switched.value_or(deployment.begun);
  return fmt::format(
      "{}\n## {} - {}\n- Deployed: {}\n- Strategy: {}\n- Duration: {}\n- Issues: {}\n- Rollback: {}\n- Status: "
      "{}\n",
      marker(deployment), printable(deployment.release.version, 100), to_date(when),
      deployment.switched ? to_minutes(when) : "traffic was never switched", deployment.strategy,
      duration_text(deployment),
      deployment.issues.empty() ? "None" : std::to_string(deployment.issues.size()) + ", see the deployment summary",
      row_of(deployment.ending).rollback, ending_text(deployment));
}

/// Replaces this deployment's entry, or adds one at the end.
std::string with_entry(const std::string& text, const Deployment& deployment) {
  const std::string head = text.empty() ? "# Deployment History\n" : text;
  const auto begin = head.find(marker(deployment));
  if (begin == std::string::npos) return head + (head.ends_with('\n') ? "\n" : "\n\n") + entry_of(deployment);
  const auto next = head.find("\n<!-- baton ", begin);
  return head.substr(0, begin) + entry_of(deployment) + (next == std::string::npos ? "" : head.substr(next));
}

Done perform(Env& env, const Deployment& deployment) {
  const fs::path file = env.config.finalize().history;
  const auto before = read_file_if_exists(file).value_or("");
  const auto after = with_entry(before, deployment);
  if (after != before) write_file(file, after);
  return {.message = file.string()};
}

}  // namespace

extern const Action history{
    .id = "deployment-history", .sop = "4.2", .title = "Deployment history", .due = due, .perform = perform};

}  // namespace baton::finalize
