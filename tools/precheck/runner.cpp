// A check that cannot look has found out nothing: that is a finding, not the end of the run.
#include "tools/precheck/runner.h"

#include <algorithm>

#include "common/config/sections/precheck.h"
#include "tools/precheck/in_parallel.h"
#include "tools/precheck/look.h"

namespace baton::precheck {
namespace {

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

const std::string* reason_off(const Place& place, const Config& config) {
  for (const auto name : {place.check->id, place.group->id}) {
    const auto found = config.precheck().not_applicable.find(std::string(name));
    if (found != config.precheck().not_applicable.end()) return &found->second;
  }
  return nullptr;
}

bool names(const std::vector<std::string>& list, std::string_view id) {
  return std::ranges::find(list, id) != list.end();
}

/// Why the check is not run at all; nothing when it is.
std::optional<Finding> left_out(const Place& place, const Options& options, const View& env) {
  const auto& check = *place.check;
  auto finding = blank(check, env.config);
  if (const auto* reason = reason_off(place, env.config)) {
    finding.message = "not applicable: " + *reason;
    return finding;
  }
  const bool not_chosen = !options.only.empty() && !names(options.only, check.id);
  if (not_chosen || names(options.skip, check.id)) {
    // Somebody chose not to look: that is at best caution.
    finding.outcome = Outcome::unknown;
    finding.critical = false;
    finding.message = not_chosen ? "not chosen by --only" : "skipped by --skip";
    return finding;
  }
  if (check.needs.empty() || env.loaded.is_given(check.needs)) return std::nullopt;
  finding.message = "not configured: " + std::string(check.needs);
  if (place.group->critical && !env.is_standalone()) finding.outcome = Outcome::unknown;
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
    outlook.evidence = std::move(seen.evidence);
    outlook.state = std::move(seen.state);
  } catch (const Error& error) {
    if (error.code() == ExitCode::interrupted || error.code() == ExitCode::usage) throw;
    finding.outcome = Outcome::unknown;
    finding.message = error.what() + (error.hint().empty() ? "" : "; " + error.hint());
  }
  finding.duration_ms = (look.monotonic() - start).count();
  const auto& recovery = place.group->recovery;
  if (finding.outcome != Outcome::pass) finding.recovery.assign(recovery.begin(), recovery.end());
  for (const auto& item : outlook.evidence) finding.files.push_back(item.name);
  return outlook;
}

/// `outlooks` is in the order of all places; groups without a check have their place too.
Checked gathered(std::vector<Outlook> outlooks) {
  Checked checked;
  auto next = outlooks.begin();
  for (const auto* group : groups()) {
    GroupFindings found{.group = group};
    for (std::size_t i = 0; i < group->checks.size(); ++i, ++next) {
      found.findings.push_back(std::move(next->finding));
      std::ranges::move(next->evidence, std::back_inserter(checked.evidence));
      for (const auto& [key, value] : next->state.members()) checked.state[key] = value;
    }
    checked.groups.push_back(std::move(found));
  }
  return checked;
}

}  // namespace

std::vector<Finding> Checked::findings() const {
  std::vector<Finding> all;
  for (const auto& group : groups) all.insert(all.end(), group.findings.begin(), group.findings.end());
  return all;
}

Checked run_checks(const Options& options, const View& env) {
  for (const auto& id : options.only) place_of(id);
  for (const auto& id : options.skip) place_of(id);
  const Look look(env);
  const auto all = places();
  std::vector<Outlook> outlooks(all.size());
  in_parallel(all.size(), static_cast<std::size_t>(std::clamp(options.jobs, 1, 32)), [&](std::size_t at) {
    auto off = left_out(all[at], options, env);
    outlooks[at] = off ? Outlook{.finding = std::move(*off)} : look_with(all[at], look);
  });
  return gathered(std::move(outlooks));
}

}  // namespace baton::precheck
