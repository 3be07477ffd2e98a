// Finds, reads and judges rehearsal.json.
#include "tools/precheck/rehearsal_record.h"

#include <fmt/format.h>

#include <algorithm>

#include "common/config/sections/database.h"
#include "common/config/sections/precheck.h"
#include "common/core/digest.h"
#include "common/core/printable.h"
#include "common/core/text.h"
#include "common/core/units.h"

namespace baton::precheck {
namespace {

constexpr Duration kClocksDiffer = std::chrono::minutes(5);
constexpr std::string_view kAgain = "Rehearse these migrations on staging, on a copy of production's data.";

std::string of_database(const Rehearsal& rehearsal) {
  return fmt::format("on '{}'{}", printable(rehearsal.database, 200), in_brackets(printable(rehearsal.server, 60)));
}

/// Of the pending ones the first that the record does not hold as it is here; empty: it holds them all.
std::string missing_in(const Rehearsal& rehearsal, const std::vector<MigrationFile>& pending) {
  for (const auto& file : pending) {
    const auto sha256 = sha256_hex(read_file(file.path));
    const bool is_there = std::ranges::any_of(rehearsal.migrations, [&](const auto& rehearsed) {
      return rehearsed.file == file.name && rehearsed.sha256 == sha256;
    });
    if (!is_there) return file.name;
  }
  return "";
}

std::string why_too_old(const Rehearsal& rehearsal, const Look& look) {
  const Duration age = look.now() - rehearsal.finished_at;
  const Duration most = look.config().precheck().max_age;
  if (age < -kClocksDiffer) return "it ended " + to_rfc3339(rehearsal.finished_at) + ", which is still to come";
  return age <= most ? "" : fmt::format("it is {} old; {} are allowed", to_words(age), to_words(most));
}

/// Why the record says nothing of what is pending; empty: it does.
std::string why_of_no_use(const Rehearsal& rehearsal, const PendingMigrations& here, const Look& look) {
  const auto digest = digest_of(here.files);
  if (to_lower(rehearsal.files_sha256) != digest)
    return fmt::format("it is of other migration files: sha256:{}, and those of '{}' are sha256:{}",
                       rehearsal.files_sha256.substr(0, 12), look.config().database().migrations, digest.substr(0, 12));
  const auto& url = look.config().database().url;
  if (rehearsal.database == here.address.identity || rehearsal.database == database::parse_address(url).identity)
    return "it was made on the very database that is to be migrated";
  // A record that did not succeed ends where it failed.
  if (const auto file = missing_in(rehearsal, here.pending); rehearsal.succeeded && !file.empty())
    return fmt::format("it does not hold '{}', which is pending here", printable(file, 100));
  return why_too_old(rehearsal, look);
}

Observation observation_of(const std::string& name, const PendingMigrations& here, const Look& look,
                           const std::function<Observation(const Rehearsal&)>& judge) {
  const auto bytes = read_file(name, kMaxRehearsalBytes);
  const auto rehearsal = parse_rehearsal(bytes, name);
  if (const auto why = why_of_no_use(rehearsal, here, look); !why.empty())
    return {.message = fmt::format("'{}' says nothing of this release: {}", name, why),
            .recovery = {std::string(kAgain)}};
  auto seen = judge(rehearsal);
  seen.evidence = {{.name = name,
                    .kind = "baton-rehearsal",
                    .sha256 = sha256_hex(bytes),
                    .about = "sha256:" + rehearsal.files_sha256,
                    .produced_at = to_rfc3339(rehearsal.finished_at)}};
  return seen;
}

}  // namespace

Observation judge_rehearsal(const Look& look, const std::function<Observation(const Rehearsal&)>& judge) {
  const auto here = pending_migrations(look);
  if (here.pending.empty()) return {.outcome = Outcome::pass, .message = pending_text(here)};
  const auto& name = look.config().precheck().migrations.rehearsal;
  if (!name.empty()) return observation_of(name, here, look, judge);
  return {.outcome = Outcome::skipped,
          .message = fmt::format("not configured: precheck.migrations.rehearsal; {}", pending_text(here)),
          .recovery = {std::string(kAgain)}};
}

Observation judge_success(const Rehearsal& rehearsal, const Config& config) {
  const auto& limits = config.precheck().migrations;
  std::vector<std::string> complaints;
  if (!rehearsal.succeeded)
    complaints.push_back("it failed: " +
                         printable(rehearsal.trouble.empty() ? "no reason is said" : rehearsal.trouble, 300));
  if (rehearsal.took >= limits.max_duration)
    complaints.push_back("it took " + to_words(rehearsal.took) + ", and less than " + to_words(limits.max_duration) +
                         " is allowed");
  if (rehearsal.longest_wait > limits.max_lock)
    complaints.push_back(fmt::format("somebody waited {} for a lock of it", to_words(rehearsal.longest_wait)));
  Observation seen{.outcome = complaints.empty() ? Outcome::pass : Outcome::fail,
                   .observed = Measured(to_words(rehearsal.took))};
  complaints.push_back(fmt::format("{} in {} {}, longest wait {}",
                                   count_text(static_cast<long long>(rehearsal.migrations.size()), "migration"),
                                   to_words(rehearsal.took), of_database(rehearsal), to_words(rehearsal.longest_wait)));
  seen.message = join(complaints, "; ");
  return seen;
}

Observation judge_way_down(const Rehearsal& rehearsal) {
  Observation seen{.observed = Measured(way_down_name(rehearsal.way_down))};
  switch (rehearsal.way_down) {
    case WayDown::proven:
      seen.outcome = rehearsal.succeeded ? Outcome::pass : Outcome::unknown;
      seen.message = rehearsal.succeeded ? "the way down was run, and the schema before it was back"
                                         : "the rehearsal failed: of the way down behind it nothing is known";
      break;
    case WayDown::failed:
      seen.outcome = Outcome::fail;
      seen.message = "the way down was run, and it failed";
      break;
    case WayDown::untried:
      seen.message = "the way down was not run";
      break;
    case WayDown::none:
      seen.outcome = Outcome::warn;
      seen.message = "no way down is written: a rollback of the release leaves the schema as it is then";
      seen.recovery = {"Write the way down, or look that the old release can live with the new schema."};
      break;
  }
  seen.message += ", " + of_database(rehearsal);
  return seen;
}

}  // namespace baton::precheck
