// From a look to the person who decides: intent on the Lease, then the message.
#include "tools/watch/warnings.h"

#include <fmt/format.h>

#include <algorithm>

#include "common/config/sections/run.h"
#include "common/core/text.h"
#include "tools/watch/commands.h"
#include "tools/watch/warning_record.h"

namespace baton::watch {
namespace {

bool is_open(const Warning& warning) { return !warning.until; }

/// Which warning it is, and who accepted it, is the record's word; whether it is over, the last look's.
void merge(WarningRecord& record, const std::string& id, const std::vector<Warning>& ours) {
  if (record.id != id) record = {.id = id};
  for (const auto& warning : ours) {
    const auto same =
        std::ranges::find_if(record.warnings, [&](const Warning& other) { return other.is_same(warning); });
    if (same == record.warnings.end()) {
      record.warnings.push_back(warning);
    } else if (same->until != warning.until) {
      same->until = warning.until;
      same->seen = warning.seen;
    }
  }
}

}  // namespace

Warnings::Warnings(Watched& watched) : watched_(watched), env_(watched.env) {
  auto record = read_warnings(watched_.context);
  if (record.id != watched_.move.id) return;
  warnings_ = std::move(record.warnings);
  written_ = warnings_;
}

void Warnings::follow(const judge::Memory& seen, const judge::Look& look, Time now) {
  const auto before = warnings_;
  warnings_ = after_look(warnings_, seen, look, now);
  log_changes(before, now);
  if (env_.is_dry_run() || env_.config.run().observe) return;
  write_down();
  for (const auto& warning : warnings_) {
    for (const auto& notice : notices_of(warning, now)) send(warning, notice);
  }
}

/// Asked as long as one is open: somebody may have accepted it from anywhere. What cannot be written is told all the
/// same.
void Warnings::write_down() {
  if (warnings_ == written_ && std::ranges::none_of(warnings_, is_open)) return;
  try {
    warnings_ = change_warnings(watched_.context, [&](WarningRecord& record) {
                  merge(record, watched_.move.id, warnings_);
                }).warnings;
    written_ = warnings_;
  } catch (const Error& error) {
    if (error.code() == ExitCode::interrupted) throw;
    env_.log.warning(std::string("the Lease does not know of the warnings, so none can be accepted: ") + error.what());
  }
}

std::optional<Time> Warnings::next_deadline(Time now) const {
  std::optional<Time> next;
  for (const auto& warning : warnings_) {
    const auto deadline = warning.deadline();
    const bool is_awaited = is_open(warning) && !warning.accepted_at && deadline > now;
    if (is_awaited && (!next || deadline < *next)) next = deadline;
  }
  return next;
}

bool Warnings::is_undecided(Time now) const {
  return std::ranges::any_of(warnings_, [&](const Warning& warning) { return warning.is_undecided(now); });
}

std::vector<Warnings::Notice> Warnings::notices_of(const Warning& warning, Time now) const {
  if (warning.until) return {ended(warning, now)};
  if (warning.accepted_at) return {};
  if (!warning.is_undecided(now)) return {began(warning)};
  return {began(warning), undecided(warning)};
}

std::string Warnings::headline(std::string_view word, const Warning& warning) const {
  return fmt::format("{}: {} {}: {}", word, env_.release.app, watched_.move.version, warning.seen);
}

std::string Warnings::ways(const Warning& warning) const {
  return fmt::format("Roll back: {}\nAccept: {}", rollback_command(watched_, warning.seen),
                     accept_command(watched_, warning.rule));
}

Warnings::Notice Warnings::began(const Warning& warning) const {
  return {.event = "watch-warning-began",
          .subject = headline("WARNING", warning),
          .text = fmt::format("{} holds since {}.\nDecide by {}: roll back or accept. When nobody does, the incident "
                              "channels are told, and {} ends with caution; its traffic stays.\n{}",
                              warning.rule, to_rfc3339(warning.since), to_rfc3339(warning.deadline()),
                              watched_.move.version, ways(warning))};
}

Warnings::Notice Warnings::undecided(const Warning& warning) const {
  return {.event = "watch-warning-undecided",
          .audience = Audience::incident,
          .subject = headline("UNDECIDED WARNING", warning),
          .text = fmt::format(
              "{} holds since {}, and nobody decided by {}: {} ends with caution; its traffic stays.\n{}", warning.rule,
              to_rfc3339(warning.since), to_rfc3339(warning.deadline()), watched_.move.version, ways(warning))};
}

Warnings::Notice Warnings::ended(const Warning& warning, Time now) const {
  const auto decision = decision_text(warning, now);
  return {.event = "watch-warning-ended",
          .subject = headline("WARNING OVER", warning),
          .text = fmt::format("{} held from {} to {}{}.", warning.rule, to_rfc3339(warning.since),
                              to_rfc3339(*warning.until), decision.empty() ? "" : "; " + decision)};
}

/// For those who have no channel: the log of the run is one.
void Warnings::log_changes(const std::vector<Warning>& before, Time now) const {
  for (const auto& warning : warnings_) {
    const auto known = std::ranges::find_if(before, [&](const Warning& one) { return one.is_same(warning); });
    if (known != before.end() && known->until == warning.until) continue;
    const auto notice = warning.until ? ended(warning, now) : began(warning);
    env_.log.warning(notice.subject);
    for (const auto& line : split(notice.text, '\n')) env_.log.after(LogLevel::warning, "hint", line);
  }
}

void Warnings::send(const Warning& warning, const Notice& notice) {
  announce(env_, notice.audience,
           {.subject = notice.subject,
            .text = notice.text,
            .event = std::string(notice.event),
            .facts = Json::object({{"warning", to_json(warning)},
                                   {"roll_back", rollback_command(watched_, warning.seen)},
                                   {"accept", accept_command(watched_, warning.rule)}}),
            .key = fmt::format("{}/{}/{}", notice.event, warning.rule, to_rfc3339(warning.since))});
}

}  // namespace baton::watch
