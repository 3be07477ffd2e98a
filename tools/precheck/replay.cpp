// Old numbers beside new limits.
#include "tools/precheck/replay.h"

#include <fmt/format.h>

#include <algorithm>

#include "common/core/printable.h"
#include "common/handoff/handoff.h"
#include "tools/precheck/group.h"
#include "tools/precheck/words_of_people.h"

namespace baton::precheck {
namespace {

/// Whether the number is on the limit's good side; nothing where one of the two is no number of the same unit.
std::optional<bool> is_met(const Measured& observed, const Expected& expected) {
  const auto& value = observed.number();
  const auto& limit = expected.value.number();
  if (!value || !limit || observed.unit() != expected.value.unit()) return std::nullopt;
  if (expected.relation == "<") return *value < *limit;
  if (expected.relation == "<=") return *value <= *limit;
  if (expected.relation == ">") return *value > *limit;
  if (expected.relation == ">=") return *value >= *limit;
  if (expected.relation == "=") return *value == *limit;
  return std::nullopt;
}

bool was_judged(const Finding& finding) {
  return finding.outcome == Outcome::pass || finding.outcome == Outcome::warn || finding.outcome == Outcome::fail;
}

/// A check that this version knows; null: none.
const Check* check_of(std::string_view id) {
  for (const auto& place : places()) {
    if (place.check->id == id) return place.check;
  }
  return nullptr;
}

Handoff read(const std::string& path) {
  const auto name = printable(path, 200);
  auto bytes = read_file_if_exists(fs::path(path), kMaxHandoffBytes);
  if (!bytes) throw Error(ExitCode::handoff, "there is no '" + name + "'", "Name the precheck.json of a run.");
  auto handoff = parse_handoff(*bytes, name);
  if (handoff.step != "precheck")
    throw Error(ExitCode::handoff, "'" + name + "' is the handoff of " + handoff.step + ", not of precheck",
                "Name the precheck.json of a run.");
  return handoff;
}

std::string row_text(const Finding& old, const Rejudged& now) {
  const auto& finding = now.finding;
  const bool has_changed = old.outcome != finding.outcome;
  return fmt::format("{} {:<22} {} → {}  {}  was {}, is {}{}\n", has_changed ? "*" : " ", finding.id,
                     outcome_mark(old.outcome), outcome_mark(finding.outcome),
                     finding.observed.is_empty() ? "-" : printable(finding.observed.text(), 60),
                     printable(old.expected.text(), 80), printable(finding.expected.text(), 80),
                     now.note.empty() ? "" : " (" + now.note + ")");
}

Json row_json(const Finding& old, const Rejudged& now) {
  return Json::object({{"id", old.id},
                       {"observed", now.finding.observed.text()},
                       {"expected_before", old.expected.text()},
                       {"expected", now.finding.expected.text()},
                       {"outcome_before", outcome_name(old.outcome)},
                       {"outcome", outcome_name(now.finding.outcome)},
                       {"note", now.note}});
}

}  // namespace

Rejudged rejudge(Finding old, const Config& config) {
  const auto* check = check_of(old.id);
  const auto before = is_met(old.observed, old.expected);
  Rejudged now{.finding = std::move(old)};
  if (check == nullptr) {
    now.note = "no check of this version";
    return now;
  }
  now.finding.expected = check->expected(config);
  if (!was_judged(now.finding)) {
    now.note = "nothing was seen that could be judged";
    return now;
  }
  const auto met = is_met(now.finding.observed, now.finding.expected);
  if (!met) {
    now.note = "no number and limit of one unit";
    return now;
  }
  const bool failed_otherwise = now.finding.outcome != Outcome::pass && before.value_or(true);
  if (failed_otherwise) {
    now.note = "it was not its number that failed";
    return now;
  }
  if (*met) now.finding.outcome = Outcome::pass;
  if (!*met && now.finding.outcome == Outcome::pass)
    now.finding.outcome = now.finding.critical ? Outcome::fail : Outcome::warn;
  return now;
}

StepResult replay(const Options& options, Env& env) {
  require_good_waivers(env);
  const auto handoff = read(options.arguments.at(0));
  StepResult result;
  Json rows = Json::array();
  result.summary = fmt::format("{} {}, looked at {}\n", printable(handoff.release.app, 100),
                               printable(handoff.release.version, 100), to_rfc3339(handoff.finished_at));
  for (const auto& old : handoff.findings) {
    auto now = rejudge(old, env.config);
    apply_waiver(now.finding, env.config, env.clock.now());
    result.summary += row_text(old, now);
    rows.push_back(row_json(old, now));
    result.findings.push_back(std::move(now.finding));
  }
  const auto before = decide(handoff.findings);
  result.verdict = decide(result.findings);
  result.summary += fmt::format("was {}, is {}\n", verdict_name(before), verdict_name(result.verdict));
  result.record["checks"] = rows;
  result.record["verdict_before"] = verdict_name(before);
  result.record["verdict"] = verdict_name(result.verdict);
  return result;
}

}  // namespace baton::precheck
