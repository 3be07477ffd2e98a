// Who said what, beside what was seen.
#include "tools/precheck/words_of_people.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "common/config/sections/precheck.h"
#include "common/core/printable.h"
#include "common/core/text.h"
#include "tools/precheck/group.h"

namespace baton::precheck {
namespace {

/// The first moment after the day; nothing for what is no day.
std::optional<Time> end_of_day(const std::string& day) {
  constexpr std::size_t kLength = 10;  // "2026-12-01"
  const auto begin = day.size() == kLength ? parse_rfc3339(day + "T00:00:00Z") : std::nullopt;
  if (!begin) return std::nullopt;
  return *begin + std::chrono::hours(24);
}

std::string waiver_text(const Waiver& waiver) {
  return fmt::format("waived by {} until {}: {}", printable(waiver.by, 100), printable(waiver.until, 20),
                     printable(waiver.reason, 300));
}

void add(std::string& message, const std::string& text) { message += (message.empty() ? "" : "; ") + text; }

bool is_left_out_for_good(const Finding& finding) { return finding.outcome == Outcome::skipped && finding.settled; }

}  // namespace

void require_good_waivers(const View& env) {
  const std::string key = env.loaded.origin("precheck.waivers") + ": precheck.waivers";
  std::set<std::string, std::less<>> seen;
  for (const auto& waiver : env.config.precheck().waivers) {
    const auto* check = place_of(waiver.check).check;
    const auto name = " of '" + printable(waiver.check, 60) + "'";
    const auto refuse = [&](const std::string& what, const std::string& hint) {
      throw Error(ExitCode::usage, key + what, hint);
    };
    if (!check->is_waivable)
      refuse(name + " is refused: infrastructure, vulnerabilities, secrets, E2E and smoke tests cannot be waived",
             "Remove it; or name the check in precheck.not_applicable with a reason, where it is reviewed.");
    if (!seen.insert(waiver.check).second) refuse(name + " is there twice", "Keep one.");
    if (trim(std::string_view(waiver.reason)).empty()) refuse(name + " has no reason", "Say why it is waived.");
    if (trim(std::string_view(waiver.by)).empty()) refuse(name + " names nobody", "Say who waived it, in 'by'.");
    if (!end_of_day(waiver.until)) refuse(name + " has no last day", "Write until: YYYY-MM-DD.");
  }
}

void apply_attestation(Finding& finding, const Check& check, const std::vector<Attestation>& attestations) {
  const auto found = std::ranges::find(attestations, finding.id, &Attestation::box);
  if (found == attestations.end() || finding.outcome == Outcome::pass || is_left_out_for_good(finding)) return;
  const auto said = fmt::format("attested by {} at {}: {}", found->by, to_rfc3339(found->at), found->says);
  if (!check.is_attestable || check.critical) {
    add(finding.message, said + " (which does not count here: this line is looked at, not attested)");
    return;
  }
  finding.message = said + in_brackets(finding.message);
  finding.outcome = Outcome::pass;
  finding.recovery.clear();
}

void apply_waiver(Finding& finding, const Config& config, Time now) {
  const auto& waivers = config.precheck().waivers;
  const auto found = std::ranges::find(waivers, finding.id, &Waiver::check);
  if (found == waivers.end() || is_left_out_for_good(finding)) return;
  const bool is_over = end_of_day(found->until).value_or(now) <= now;
  if (is_over) {
    add(finding.message, waiver_text(*found) + ", which is over");
    if (finding.outcome == Outcome::pass) return;
    finding.outcome = Outcome::fail;
    finding.recovery.insert(finding.recovery.begin(), "Mend what was waived, or let somebody waive it anew.");
    return;
  }
  add(finding.message, waiver_text(*found));
  if (finding.outcome == Outcome::pass) add(finding.message, "it would have passed");
  finding.outcome = Outcome::warn;
  finding.critical = false;
}

}  // namespace baton::precheck
