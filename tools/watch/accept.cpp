// Writes who accepted what.
#include "tools/watch/accept.h"

#include <fmt/format.h>

#include <algorithm>

#include "common/core/printable.h"
#include "common/core/text.h"
#include "common/judge/rules.h"
#include "common/rollout/recorded_move.h"
#include "common/step/connect.h"
#include "tools/watch/warning_record.h"

namespace baton::watch {
namespace {

void require_whole(const Acceptance& asked) {
  if (asked.rule.empty()) {
    throw Error(ExitCode::usage, "--by says who accepts, and no --accept says what",
                "Pass --accept ID; the message of the warning and the report name it.");
  }
  if (trim(asked.by).empty()) {
    throw Error(ExitCode::usage, "nobody accepts '" + printable(asked.rule, 100) + "': --by is missing or empty",
                "Pass --by WHO: a warning is accepted by a person.");
  }
  const auto* rule = judge::find_rule(asked.rule);
  if (rule == nullptr || !rule->is_critical()) return;
  throw Error(ExitCode::usage, "'" + rule->id + "' is critical: that cannot be accepted",
              "Roll back with baton-switch rollback, or let watch do it.");
}

/// The one that holds; null: none of that name does.
Warning* find_open(WarningRecord& record, const std::string& rule) {
  const auto open = std::ranges::find_if(
      record.warnings, [&](const Warning& warning) { return warning.rule == rule && !warning.until; });
  return open == record.warnings.end() ? nullptr : &*open;
}

Error nothing_to_accept(const Acceptance& asked, const WarningRecord& record) {
  std::vector<std::string> open;
  for (const auto& warning : record.warnings) {
    if (!warning.until) open.push_back(fmt::format("{} ({})", warning.rule, warning.seen));
  }
  return Error(ExitCode::usage, fmt::format("'{}' did not hold at the last look", printable(asked.rule, 100)),
               open.empty() ? "No warning holds: run baton-watch tick to look again."
                            : "Accept what holds: " + join(open, ", ") + ".");
}

/// What is remembered of an earlier deployment says nothing of the one that serves.
void drop_others(WarningRecord& record, const std::optional<rollout::Move>& move) {
  if (move && move->id != record.id) record = {};
}

StepResult result_of(const Warning& warning, std::string_view words) {
  return {.verdict = Verdict::proceed,
          .summary = fmt::format("{} {} {} at {}\n{}, since {}", warning.rule, words, warning.accepted_by,
                                 to_rfc3339(*warning.accepted_at), warning.seen, to_rfc3339(warning.since)),
          .record = Json::object({{"accepted", to_json(warning)}})};
}

}  // namespace

StepResult accept(const Acceptance& asked, Env& env) {
  require_whole(asked);
  auto kube = connect_cluster(env);
  auto http = env.http();
  auto context = context_for(env, kube, http);
  const auto move = rollout::recorded_move(context);
  Warning accepted;
  bool is_ours = false;
  const auto take = [&](WarningRecord& record) {
    auto looked = record;
    drop_others(looked, move);
    if (find_open(looked, asked.rule) == nullptr) throw nothing_to_accept(asked, looked);
    Warning& warning = *find_open(record, asked.rule);
    is_ours = !warning.accepted_at;
    if (is_ours) {
      warning.accepted_by = printable(trim(asked.by), 100);
      warning.accepted_at = std::chrono::floor<std::chrono::seconds>(env.clock.now());
    }
    accepted = warning;
  };
  if (env.is_dry_run()) {
    auto record = read_warnings(context);
    take(record);
    return result_of(accepted, "would be accepted by");
  }
  change_warnings(context, take);
  return result_of(accepted, is_ours ? "is accepted by" : "was accepted before, by");
}

}  // namespace baton::watch
