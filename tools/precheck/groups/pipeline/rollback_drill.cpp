// SOP, "Expected Outcome": rollback plan ready and tested. By what the clusters remember of rollbacks.
#include <algorithm>

#include "common/core/text.h"
#include "tools/precheck/check.h"
#include "tools/precheck/look.h"

namespace baton::precheck {
namespace {

constexpr std::chrono::days kFresh{30};

bool was_rolled_back(const rollout::LedgerEntry& entry) {
  return std::ranges::any_of(entry.steps.members_or_none(),
                             [](const auto& step) { return step.second == Json("rolled-back"); });
}

/// When a rollback ended or, where that is not told, when what it took back had been proved.
std::optional<Time> last_rollback(const rollout::LeaseRecord& record) {
  std::optional<Time> last;
  const auto take = [&](const std::optional<Time>& at) {
    if (at && (!last || *at > *last)) last = at;
  };
  for (const auto& entry : record.ledger) {
    if (was_rolled_back(entry)) take(entry.proved_at);
  }
  if (record.move && record.move->phase == rollout::Phase::undone) take(record.move->undone_at);
  return last;
}

bool was_drilled(const rollout::LeaseRecord& staging, const std::string& digest) {
  const auto is_drill = [&](const auto& entry) { return entry.digest == digest && was_rolled_back(entry); };
  const bool by_move = staging.move && staging.move->digest == digest && staging.move->phase == rollout::Phase::undone;
  return by_move || std::ranges::any_of(staging.ledger, is_drill);
}

/// Staging that cannot be asked takes nothing from what production tells.
std::string drill_on_staging(const Look& look) {
  if (look.config().image.empty()) return "no image is configured whose rollback staging could remember";
  try {
    const auto staging = look.staging_lease_record();
    if (!staging) return "staging's cluster is not configured";
    return was_drilled(*staging, look.image_reference().digest) ? "" : "staging remembers no rollback of this image";
  } catch (const Error& error) {
    if (error.code() != ExitCode::unknown) throw;
    return error.what();
  }
}

Observation observe(const Look& look) {
  const auto last = last_rollback(look.lease_record());
  if (last && look.now() - *last < kFresh)
    return {.outcome = Outcome::pass,
            .observed = to_date(*last),
            .message = "production was rolled back on " + to_date(*last)};
  const auto staging = drill_on_staging(look);
  if (staging.empty())
    return {.outcome = Outcome::pass, .observed = "on staging", .message = "this image was rolled back on staging"};
  Observation seen{.outcome = Outcome::warn, .message = staging};
  seen.observed = last ? to_date(*last) : "none";
  seen.message = (last ? "production was rolled back last on " + to_date(*last)
                       : std::string("production remembers no rollback")) +
                 "; " + staging;
  seen.recovery = {"Switch to this image on staging and roll it back: baton-switch run, then baton-switch rollback."};
  return seen;
}

}  // namespace

extern const Check rollback_drill{
    .id = "rollback-drill",
    .sop = "1.4",
    .title = "Rollback drill",
    .expected = [](const Config&) { return Expected("under 30 days old, or of this image on staging"); },
    .observe = observe};

}  // namespace baton::precheck
