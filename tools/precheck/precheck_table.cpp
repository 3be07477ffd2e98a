// The table of checks, shown.
#include <fmt/format.h>

#include "tools/precheck/precheck.h"
#include "tools/precheck/runner.h"

namespace baton::precheck {
namespace {

/// Which text of the SOP the checks are read from.
constexpr std::string_view kSop = "SOP: Deployment, version 1.0.0 (2025-11-04)";

std::string_view severity_of(const Check& check) { return check.critical ? "critical" : "warning"; }

std::string needs_of(const Check& check) { return check.needs.empty() ? "" : "; needs " + std::string(check.needs); }

/// What a line without an answer does to the release.
std::string_view unknown_means(const Check& check) {
  return check.critical ? "no go: exit 6, until it can be answered" : "go on with caution; with --strict no go";
}

std::string_view failure_means(const Check& check) {
  return check.critical ? "stop: exit 3" : "go on with caution; with --strict stop";
}

Json row_of(const Place& place, const Config& config) {
  const auto& check = *place.check;
  return Json::object({{"id", check.id},
                       {"sop", check.sop},
                       {"group", place.group->id},
                       {"critical", check.critical},
                       {"title", check.title},
                       {"expected", check.expected(config).text()},
                       {"needs", check.needs},
                       {"waivable", check.is_waivable},
                       {"attestable", check.is_attestable},
                       {"failure_means", failure_means(check)},
                       {"unknown_means", unknown_means(check)}});
}

}  // namespace

StepResult list(Env& env) {
  StepResult result{.verdict = Verdict::proceed};
  result.summary = fmt::format("{}\n", kSop);
  Json rows = Json::array();
  for (const auto& place : places()) {
    const auto& check = *place.check;
    result.summary += fmt::format("{:<22} {:<5} {:<9} {}; expects {}{}\n", check.id, check.sop, severity_of(check),
                                  check.title, check.expected(env.config).text(), needs_of(check));
    rows.push_back(row_of(place, env.config));
  }
  result.summary +=
      "A critical line that fails stops the release, and so does one without an answer; any other makes it caution.\n";
  result.record["sop"] = kSop;
  result.record["checks"] = rows;
  return result;
}

StepResult explain(const Options& options, Env& env) {
  const auto place = place_of(options.arguments.at(0));
  const auto [group, check] = place;
  StepResult result{.verdict = Verdict::proceed};
  result.summary =
      fmt::format("{}: {} (SOP {}, {})\nexpects: {}\nneeds: {}\nwhen it fails: {}\nwhen nobody can tell: {}\n",
                  check->id, check->title, check->sop, group->heading, check->expected(env.config).text(),
                  check->needs.empty() ? "nothing" : check->needs, failure_means(*check), unknown_means(*check));
  if (!check->is_waivable) result.summary += "cannot be waived\n";
  if (check->is_attestable) result.summary += "a person may answer it in attestations.yaml\n";
  for (const auto step : group->recovery) result.summary += fmt::format("then: {}\n", step);
  Json row = row_of(place, env.config);
  row["group"] = group->heading;
  row["recovery"] = json_list(group->recovery, [](std::string_view step) { return Json(step); });
  result.record["check"] = row;
  return result;
}

}  // namespace baton::precheck
