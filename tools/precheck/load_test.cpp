// P95 < target; error rate < 1 %. Both strictly.
#include "tools/precheck/load_test.h"

#include <fmt/format.h>

#include "common/config/sections/precheck.h"
#include "common/core/text.h"
#include "common/core/units.h"
#include "tools/precheck/report_files.h"

namespace baton::precheck {
namespace {

constexpr double kMaxFailedShare = 0.01;

std::string_view basis_text(P95::Basis basis) {
  switch (basis) {
    case P95::Basis::declared:
      return "P95 as reported";
    case P95::Basis::computed:
      return "P95 of all requests by nearest rank";
    case P95::Basis::bound:
      return "P99 in place of the P95, which is that or less";
  }
  return "";
}

std::string counts_of(const LoadResults& results) {
  std::string text;
  if (results.p95) text = std::string(basis_text(results.p95->basis));
  if (results.requests > 0) text += (text.empty() ? "" : ", ") + count_text(results.requests, "request");
  if (results.failed_share) text += fmt::format(", {} % failed", number_text(100 * *results.failed_share));
  return text;
}

/// What one rule has to say.
struct Objection {
  Outcome outcome = Outcome::pass;
  std::string message = {};
};

bool has_reached(const LoadResults& results, const LoadRules& rules) {
  return results.p95 && rules.max_p95 && !(results.p95->ms < static_cast<double>(rules.max_p95->count()));
}

std::vector<Objection> objections(const LoadResults& results, const LoadRules& rules) {
  std::vector<Objection> all;
  if (!results.crossed.empty())
    all.push_back({Outcome::fail, "thresholds of the test itself were crossed: " + join(results.crossed, ", ")});
  if (has_reached(results, rules)) {
    const bool is_bound = results.p95->basis == P95::Basis::bound;
    all.push_back(is_bound ? Objection{Outcome::unknown, "the P95 may or may not be under the target"}
                           : Objection{Outcome::fail, {}});
  }
  if (results.failed_share && *results.failed_share >= kMaxFailedShare) {
    all.push_back(
        {rules.with_errors, fmt::format("{} % and more failed, so the times are not those of an app that works",
                                        number_text(100 * kMaxFailedShare))});
  }
  if (!rules.max_p95)
    all.push_back({Outcome::unknown, "there is no target: precheck.quality.performance.max_p95 is not configured"});
  for (const auto& doubt : results.doubts) all.push_back({Outcome::unknown, doubt});
  if (!results.p95 && results.doubts.empty()) all.push_back({Outcome::unknown, "there is no P95"});
  if (rules.needs_errors && !results.silent.empty())
    all.push_back({Outcome::unknown, results.silent + " does not tell how many requests failed"});
  return all;
}

}  // namespace

Observation judge_load(const LoadResults& results, const LoadRules& rules) {
  Observation seen{.outcome = Outcome::pass, .message = counts_of(results)};
  if (results.p95) seen.observed = Measured(results.p95->ms, "ms");
  for (const auto& [outcome, message] : objections(results, rules)) {
    if (seen.outcome != Outcome::fail) seen.outcome = outcome;
    if (!message.empty()) seen.message += (seen.message.empty() ? "" : "; ") + message;
  }
  return seen;
}

std::vector<Evidence> read_load(const Look& look, const std::vector<std::string>& globs, LoadResults& results) {
  return read_reports(look, globs, ReportKind::performance,
                      [&](const Reading& reading) { results += std::get<LoadResults>(reading); });
}

Expected expected_p95(const Config& config) {
  const auto target = config.precheck().quality.max_p95;
  if (!target) return "P95 latency < target";
  return {"<", Measured(static_cast<double>(target->count()), "ms")};
}

}  // namespace baton::precheck
