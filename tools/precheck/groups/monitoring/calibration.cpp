// Whether an automatic rollback may be trusted here: how often its rules were wrong on this application's own history.
#include "common/judge/calibration.h"

#include <fmt/format.h>

#include <algorithm>

#include "common/config/sections/watch.h"
#include "common/core/digest.h"
#include "common/core/printable.h"
#include "common/core/text.h"
#include "common/core/units.h"
#include "common/judge/calibration_ladder.h"
#include "common/judge/metric.h"
#include "tools/precheck/check.h"
#include "tools/precheck/look.h"

namespace baton::precheck {
namespace {

constexpr Duration kMaxAge = std::chrono::days(90);

/// Why the file says nothing of this release; empty: it does.
std::string why_of_no_use(const judge::Calibration& made, const Look& look) {
  const auto& app = look.config().app;
  const auto here = look.namespace_name();
  if (made.app != app || made.namespace_ != here)
    return fmt::format("it is of '{}' in '{}', and this is '{}' in '{}'", printable(made.app, 100),
                       printable(made.namespace_, 100), app, here);
  const Duration age = look.now() - made.made_at;
  if (age <= kMaxAge) return "";
  return fmt::format("it was made {}, {} days ago; {} are allowed", to_date(made.made_at),
                     std::chrono::floor<std::chrono::days>(age).count(),
                     std::chrono::floor<std::chrono::days>(kMaxAge).count());
}

/// Of each critical rule that holds in more quiet windows than it may.
std::vector<std::string> false_rollbacks(const judge::Calibration& made) {
  std::vector<std::string> all;
  for (const auto& tally : made.rules) {
    if (tally.is_critical && tally.share().percent > judge::kMostFalse)
      all.push_back(fmt::format("{} of {} quiet windows would have been rolled back by {}", tally.breaches.size(),
                                tally.windows, printable(tally.rule, 100)));
  }
  return all;
}

std::string heading_of(const std::string& id) {
  const auto* metric = judge::find_metric(id);
  return metric == nullptr ? printable(id, 100) : std::string(metric->heading);
}

/// "160 of 168 windows until 2026-03-01 judged, 0 rolled back; a release is rolled back within 30m from …".
std::string figures_of(const judge::Calibration& made) {
  std::vector<std::string> found;
  for (const auto& detection : made.detections) {
    if (!detection.is_critical) continue;
    const auto* smallest = detection.smallest();
    found.push_back(heading_of(detection.metric) + " " +
                    (smallest == nullptr ? "none" : printable(smallest->regression, 100)));
  }
  return fmt::format("{} of {} windows until {} judged, {} rolled back; found within {}: {}", made.judged(),
                     made.windows, to_date(made.to), made.rolled_back().breaches.size(), to_text(judge::kFoundWithin),
                     join(found, ", "));
}

Observation judged(const judge::Calibration& made, const Config& config) {
  Observation seen{.outcome = Outcome::pass, .observed = Measured(made.rolled_back().share().percent, "%")};
  auto said = false_rollbacks(made);
  if (!said.empty())
    seen.recovery = {
        "Look which of its breaches were incidents or releases: baton-watch calibrate prints the time of each.",
        "Else make that limit wider and calibrate again, or set watch.rollback: manual until then."};
  if (const auto changed = judge::changes(made, config); !changed.empty()) {
    said.push_back("made with other limits: run it again; " + join(changed, ", "));
    seen.recovery.emplace_back("Run baton-watch calibrate again: its figures are of other limits.");
  }
  if (!said.empty()) seen.outcome = Outcome::warn;
  said.push_back(figures_of(made));
  seen.message = join(said, "; ");
  return seen;
}

Observation observe(const Look& look) {
  const auto& name = look.config().watch().calibration;
  const std::string again = "Run baton-watch calibrate, or correct watch.calibration.";
  const auto text = read_file_if_exists(name);
  if (!text) return {.message = "there is no file '" + name + "'", .recovery = {again}};
  const auto made = judge::calibration_from_text(*text, name);
  if (const auto why = why_of_no_use(made, look); !why.empty())
    return {.message = "'" + name + "' says nothing of this release: " + why, .recovery = {again}};
  auto seen = judged(made, look.config());
  seen.evidence = {{.name = name,
                    .kind = "baton-calibration",
                    .sha256 = sha256_hex(*text),
                    .about = "unknown",
                    .produced_at = to_rfc3339(made.made_at)}};
  return seen;
}

}  // namespace

extern const Check calibration{
    .id = "calibration",
    .sop = "3",
    .title = "False rollbacks on the application's own history",
    .expected =
        [](const Config&) { return Expected("<=", Measured(judge::kMostFalse, "%"), "by each rule that rolls back"); },
    .needs = "watch.calibration",
    .part = "calibration",
    .part_needs = "watch.calibration",
    .observe = observe};

}  // namespace baton::precheck
