// A check that cannot look has found out nothing: that is a finding, not the end of the run.
#include "tools/precheck/runner.h"

#include <algorithm>

#include "common/config/sections/precheck.h"
#include "common/core/closest.h"
#include "common/core/not_configured.h"
#include "common/core/printable.h"
#include "common/core/text.h"
#include "common/io/in_parallel.h"
#include "common/judge/metric.h"
#include "tools/precheck/look.h"
#include "tools/precheck/running_checks.h"
#include "tools/precheck/team/calendar.h"
#include "tools/precheck/words_of_people.h"

namespace baton::precheck {
namespace {

constexpr std::string_view kOr = " or ";  ///< between the keys that a check needs one of

struct Outlook {
  Finding finding;
  std::vector<Evidence> evidence = {};
  Json state = Json::object();
};

Finding blank(const Check& check, const Config& config) {
  return {.id = std::string(check.id),
          .sop = std::string(check.sop),
          .title = std::string(check.title),
          .critical = check.critical,
          .outcome = Outcome::skipped,
          .expected = check.expected(config)};
}

/// What precheck.not_applicable says of a line; `named` as it was written there.
struct Declared {
  std::string_view named;
  const std::string* reason = nullptr;
};

Declared declared(const Place& place, const Config& config) {
  for (const auto name : {place.check->id, place.check->part, place.group->id}) {
    const auto found = config.precheck().not_applicable.find(std::string(name));
    if (!name.empty() && found != config.precheck().not_applicable.end()) return {name, &found->second};
  }
  return {};
}

/// A whole critical group is never settled by a sentence.
bool is_settled(const Place& place, std::string_view named) {
  switch (place.check->declared) {
    case WhenDeclared::settled:
      return !place.group->critical || named != place.group->id;
    case WhenDeclared::caution:
      return false;
    case WhenDeclared::as_group:
      break;
  }
  return !place.group->critical;
}

/// Of a part that the app does not have nobody asks.
bool has_no_such_part(const Check& check, const View& env) {
  return !check.part_needs.empty() && !env.loaded.is_given(check.part_needs);
}

/// One of its keys is enough.
bool is_configured(const Check& check, const View& env) {
  std::string_view needs = check.needs;
  while (!needs.empty()) {
    const auto end = std::min(needs.find(kOr), needs.size());
    if (env.loaded.is_given(needs.substr(0, end))) return true;
    needs.remove_prefix(std::min(end + kOr.size(), needs.size()));
  }
  return check.needs.empty();
}

Outcome outcome_unconfigured(const Place& place, const View& env) {
  if (env.is_standalone()) return Outcome::skipped;
  if (place.check->must_be_configured) return Outcome::fail;
  return place.group->critical ? Outcome::unknown : Outcome::skipped;
}

bool names(const std::vector<std::string>& list, std::string_view id) {
  return std::ranges::find(list, id) != list.end();
}

/// Why the check is not run at all; nothing when it is.
std::optional<Finding> left_out(const Place& place, const Options& options, const View& env) {
  const auto& check = *place.check;
  auto finding = blank(check, env.config);
  if (has_no_such_part(check, env)) {
    finding.settled = true;
    finding.message = "no " + std::string(check.part) + " is configured";
    return finding;
  }
  if (const auto [named, reason] = declared(place, env.config); reason != nullptr) {
    finding.settled = is_settled(place, named);
    finding.message = "not applicable: " + *reason;
    return finding;
  }
  if (names(options.skip, check.id)) {
    // Somebody chose not to look: that is at best caution.
    finding.outcome = Outcome::unknown;
    finding.critical = false;
    finding.message = "skipped by --skip";
    return finding;
  }
  if (is_configured(check, env)) return std::nullopt;
  finding.message = "not configured: " + std::string(check.needs);
  finding.outcome = outcome_unconfigured(place, env);
  return finding;
}

Outlook look_with(const Place& place, const Look& look) {
  Outlook outlook{.finding = blank(*place.check, look.config())};
  Finding& finding = outlook.finding;
  const Duration start = look.monotonic();
  try {
    auto seen = place.check->observe(look);
    finding.outcome = seen.outcome;
    finding.observed = std::move(seen.observed);
    finding.message = std::move(seen.message);
    finding.recovery = std::move(seen.recovery);
    outlook.evidence = std::move(seen.evidence);
    outlook.state = std::move(seen.state);
  } catch (const Error& error) {
    // A line that stops nothing does not end the run for a server that the others were told not to ask either.
    const bool may_be_absent = look.is_standalone() || !place.check->critical;
    if (error.code() == ExitCode::interrupted || (error.code() == ExitCode::usage && !may_be_absent)) throw;
    const bool is_absent = may_be_absent && dynamic_cast<const NotConfigured*>(&error) != nullptr;
    finding.outcome = is_absent ? Outcome::skipped : Outcome::unknown;
    finding.message = error.what();
    if (!error.hint().empty()) finding.recovery = {error.hint()};
  }
  finding.duration_ms = (look.monotonic() - start).count();
  const auto& recovery = place.group->recovery;
  if (finding.outcome != Outcome::pass && finding.recovery.empty())
    finding.recovery.assign(recovery.begin(), recovery.end());
  for (const auto& item : outlook.evidence) finding.files.push_back(item.name);
  return outlook;
}

/// The places that this run is about, in the checklist's order.
std::vector<Place> chosen_places(const Options& options) {
  auto all = places();
  if (!options.only.empty())
    std::erase_if(all, [&](const Place& place) { return !names(options.only, place.check->id); });
  return all;
}

Checked gathered(const std::vector<Place>& chosen, std::vector<Outlook> outlooks) {
  Checked checked;
  for (std::size_t at = 0; at < chosen.size(); ++at) {
    auto& [finding, evidence, state] = outlooks[at];
    if (checked.groups.empty() || checked.groups.back().group != chosen[at].group)
      checked.groups.push_back({.group = chosen[at].group});
    checked.groups.back().findings.push_back(std::move(finding));
    std::ranges::move(evidence, std::back_inserter(checked.evidence));
    for (const auto& [key, value] : state.members()) checked.state[key] = value;
  }
  return checked;
}

/// What may stand in precheck.not_applicable.
std::vector<std::string> names_known() {
  std::vector<std::string> known;
  for (const auto* group : groups()) known.emplace_back(group->id);
  for (const auto& [group, check] : places()) {
    known.emplace_back(check->id);
    if (!check->part.empty()) known.emplace_back(check->part);
  }
  for (const auto* metric : judge::metrics()) known.emplace_back(metric->id);
  return known;
}

void check_declarations(const View& env) {
  const auto known = names_known();
  const std::string key = env.loaded.origin("precheck.not_applicable") + ": precheck.not_applicable";
  for (const auto& [name, reason] : env.config.precheck().not_applicable) {
    if (!names(known, name)) {
      const auto meant = closest(name, known);
      throw Error(ExitCode::usage, key + " names '" + printable(name, 60) + "', which is no group, check or metric",
                  meant ? "Did you mean '" + *meant + "'?" : "See baton-precheck list.");
    }
    if (trim(reason).empty())
      throw Error(ExitCode::usage, key + "." + name + " has no reason",
                  "Say why it does not apply, or who looked instead.");
  }
}

/// What cannot be read is said before anything is looked at.
void check_calendar(const View& env) {
  const auto& team = env.config.precheck().team;
  if (!team.window.empty()) parse_window(team.window);
  for (const auto& freeze : team.freezes) parse_freeze(freeze);
}

void check_choice(const Options& options) {
  for (const auto& id : options.only) place_of(id);
  for (const auto& id : options.skip) {
    if (place_of(id).check->is_waivable) continue;
    throw Error(
        ExitCode::usage,
        "--skip " + id + " is refused: infrastructure, vulnerabilities, secrets, E2E and smoke tests cannot be waived",
        "Let it look; or name it in precheck.not_applicable with a reason, where it is reviewed.");
  }
}

}  // namespace

std::vector<Finding> Checked::findings() const {
  std::vector<Finding> all;
  for (const auto& group : groups) all.insert(all.end(), group.findings.begin(), group.findings.end());
  return all;
}

void require_known(const Options& options, const View& env) {
  check_choice(options);
  check_declarations(env);
  require_good_waivers(env);
  check_calendar(env);
}

Checked run_checks(const Options& options, const View& env) {
  require_known(options, env);
  const Look look(env);
  const auto chosen = chosen_places(options);
  const auto attested = read_attestations(env);
  if (!attested.why_not.empty() && options.only.empty()) env.log.warning(attested.why_not);
  std::vector<Outlook> outlooks(chosen.size());
  RunningChecks running(env, chosen.size());
  in_parallel(chosen.size(), static_cast<std::size_t>(std::clamp(options.jobs, 1, 32)), [&](std::size_t at) {
    const auto& check = *chosen[at].check;
    running.begin(check.id);
    auto off = left_out(chosen[at], options, env);
    outlooks[at] = off ? Outlook{.finding = std::move(*off)} : look_with(chosen[at], look);
    apply_attestation(outlooks[at].finding, check, attested.all);
    apply_waiver(outlooks[at].finding, env.config, env.clock.now());
    running.end(check.id);
  });
  auto checked = gathered(chosen, std::move(outlooks));
  checked.evidence.insert(checked.evidence.end(), attested.evidence.begin(), attested.evidence.end());
  return checked;
}

}  // namespace baton::precheck
