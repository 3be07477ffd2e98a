// A check that cannot look has found out nothing: that is a finding, not the end of the run.
#include "tools/precheck/runner.h"

#include <algorithm>
#include <atomic>
#include <thread>

#include "common/config/sections/precheck.h"
#include "common/core/closest.h"
#include "common/core/printable.h"

namespace baton::precheck {
namespace {

struct Outlook {
  Finding finding;
  std::vector<Evidence> evidence = {};
};

Finding blank(const Check& check) {
  return {.id = std::string(check.id),
          .sop = std::string(check.sop),
          .title = std::string(check.title),
          .critical = check.critical,
          .outcome = Outcome::skipped,
          .expected = std::string(check.expected)};
}

const std::string* reason_off(const Check& check, const Config& config) {
  for (const auto name : {check.id, check.group}) {
    const auto found = config.precheck().not_applicable.find(std::string(name));
    if (found != config.precheck().not_applicable.end()) return &found->second;
  }
  return nullptr;
}

bool names(const std::vector<std::string>& list, std::string_view id) {
  return std::find(list.begin(), list.end(), id) != list.end();
}

/// Why the check is not run at all; nothing when it is.
std::optional<Finding> left_out(const Check& check, const Options& options, const View& env) {
  Finding finding = blank(check);
  if (const auto* reason = reason_off(check, env.config)) {
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
  if (group_of(check).critical && !env.is_standalone()) finding.outcome = Outcome::unknown;
  return finding;
}

Outlook look(const Check& check, CheckContext& context) {
  Outlook outlook{.finding = blank(check)};
  Finding& finding = outlook.finding;
  const auto& group = group_of(check);
  const Duration start = context.env.clock.monotonic();
  try {
    auto seen = check.observe(context);
    finding.outcome = seen.outcome;
    finding.observed = std::move(seen.observed);
    finding.message = std::move(seen.message);
    outlook.evidence = std::move(seen.evidence);
  } catch (const Error& error) {
    if (error.code() == ExitCode::interrupted || error.code() == ExitCode::usage) throw;
    finding.outcome = Outcome::unknown;
    finding.message = error.what() + (error.hint().empty() ? "" : "; " + error.hint());
  }
  finding.duration_ms = (context.env.clock.monotonic() - start).count();
  if (finding.outcome != Outcome::pass) finding.recovery.assign(group.recovery.begin(), group.recovery.end());
  for (const auto& item : outlook.evidence) finding.files.push_back(item.name);
  return outlook;
}

void check_names(const std::vector<std::string>& chosen) {
  for (const auto& id : chosen) {
    std::vector<std::string> known;
    for (const auto* check : checks()) known.emplace_back(check->id);
    if (names(known, id)) continue;
    const auto meant = closest(id, known);
    throw Error(ExitCode::usage,
                "no check is named '" + printable(id, 60) + "'" + (meant ? "; did you mean '" + *meant + "'?" : ""),
                "See baton-precheck list.");
  }
}

}  // namespace

const Group& group_of(const Check& check) {
  return *std::find_if(groups().begin(), groups().end(), [&](const Group& group) { return group.id == check.group; });
}

Checked run_checks(const Options& options, CheckContext& context) {
  check_names(options.only);
  check_names(options.skip);
  const auto table = checks();
  std::vector<Outlook> outlooks(table.size());
  std::vector<std::exception_ptr> troubles(table.size());
  std::atomic<std::size_t> next = 0;
  const auto work = [&] {
    for (std::size_t at = next++; at < table.size(); at = next++) {
      try {
        const auto off = left_out(*table[at], options, context.env);
        outlooks[at] = off ? Outlook{.finding = *off} : look(*table[at], context);
      } catch (const Error&) {
        troubles[at] = std::current_exception();
      }
    }
  };
  {
    std::vector<std::jthread> workers;
    for (int i = 0; i < std::clamp(options.jobs, 1, 32); ++i) workers.emplace_back(work);
  }
  Checked checked;
  for (std::size_t at = 0; at < table.size(); ++at) {
    if (troubles[at]) std::rethrow_exception(troubles[at]);
    checked.findings.push_back(std::move(outlooks[at].finding));
    std::move(outlooks[at].evidence.begin(), outlooks[at].evidence.end(), std::back_inserter(checked.evidence));
  }
  return checked;
}

}  // namespace baton::precheck
