// Warnings as the looks show them.
#include "tools/watch/warning.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "common/judge/rules.h"

namespace baton::watch {
namespace {

using std::chrono::minutes;

struct DecisionTime {
  std::string_view rule;
  Duration length;
};

// SOP, "Rollback Decision Matrix".
constexpr std::array kDecisionTimes = {DecisionTime{"error-rate-warning", minutes(10)},
                                       DecisionTime{"latency-p95-warning", minutes(15)}};
constexpr Duration kLongestDecision = minutes(30);  // the matrix's own longest: it does not name CPU and memory

/// False over a gap: that is neither the end of it nor its going on.
bool is_over(const judge::Breach& breach, const judge::Memory& seen) {
  const auto condition = seen.conditions.find(breach.rule);
  return condition == seen.conditions.end() || !condition->second.since || *condition->second.since > breach.to;
}

/// Empty where the look knows nothing of the rule.
std::string seen_text(const judge::Breach& breach, const judge::Rule& rule, const judge::Look& look, bool is_now) {
  const auto finding = std::ranges::find(look.findings, breach.rule, &Finding::id);
  if (finding == look.findings.end()) return "";
  const Measured value = is_now ? finding->observed : judge::measured(rule.metric, breach.worst);
  return fmt::format("{}: {}{}, expected {}", rule.row.title, is_now ? "" : "at worst ", value.text(),
                     finding->expected.text());
}

/// Those that the window shows.
std::vector<Warning> shown_in(const judge::Memory& seen, const judge::Look& look, Time now) {
  std::vector<Warning> shown;
  for (const auto& breach : seen.breaches) {
    const auto* rule = judge::find_rule(breach.rule);
    if (rule == nullptr || rule->is_critical()) continue;
    const bool over = is_over(breach, seen);
    shown.push_back({.rule = breach.rule,
                     .since = breach.from,
                     .noticed = std::chrono::floor<std::chrono::seconds>(now),  // a deadline that people read
                     .until = over ? std::optional(breach.to) : std::nullopt,
                     .seen = seen_text(breach, *rule, look, breach.to == seen.judged_until)});
  }
  return shown;
}

/// One that the store shows no more, though its rule was judged since: the baseline was read anew, or a pod is gone.
void end_unseen(Warning& warning, const judge::Memory& seen) {
  const auto condition = seen.conditions.find(warning.rule);
  const bool is_judged = condition != seen.conditions.end() && condition->second.known > 0;
  if (!is_judged || condition->second.since || *seen.judged_until <= warning.since) return;
  warning.until = *seen.judged_until;
}

}  // namespace

Duration decision_time(std::string_view rule) {
  const auto* row = std::ranges::find(kDecisionTimes, rule, &DecisionTime::rule);
  return row == kDecisionTimes.end() ? kLongestDecision : row->length;
}

Time Warning::deadline() const { return noticed + decision_time(rule); }

bool Warning::is_undecided(Time now) const {
  if (now < deadline() || (until && *until < deadline())) return false;
  return !accepted_at || *accepted_at > deadline();
}

bool Warning::is_same(const Warning& other) const {
  const bool is_later = until && *until < other.since;
  const bool is_earlier = other.until && *other.until < since;
  return rule == other.rule && !is_later && !is_earlier;
}

std::string decision_text(const Warning& warning, Time now) {
  auto undecided = fmt::format("nobody decided by {}", to_rfc3339(warning.deadline()));
  if (warning.accepted_at) {
    const auto accepted = fmt::format("accepted by {} at {}", warning.accepted_by, to_rfc3339(*warning.accepted_at));
    return warning.is_undecided(now) ? undecided + ", " + accepted : accepted;
  }
  if (warning.is_undecided(now)) return undecided;
  return warning.until ? "" : fmt::format("to be decided by {}", to_rfc3339(warning.deadline()));
}

std::vector<Warning> after_look(std::vector<Warning> known, const judge::Memory& seen, const judge::Look& look,
                                Time now) {
  const auto shown = shown_in(seen, look, now);
  const auto same_as = [](const Warning& one) { return [&one](const Warning& other) { return one.is_same(other); }; };
  for (auto& warning : known) {
    if (!warning.until && std::ranges::none_of(shown, same_as(warning))) end_unseen(warning, seen);
  }
  for (const auto& warning : shown) {
    const auto same = std::ranges::find_if(known, same_as(warning));
    if (same == known.end()) {
      known.push_back(warning);
    } else if (same->until != warning.until) {
      same->until = warning.until;
      same->seen = warning.seen;
    }
  }
  return known;
}

void add_decisions(std::vector<Finding>& findings, const std::vector<Warning>& warnings, Time now) {
  for (auto& finding : findings) {
    const auto last = std::find_if(warnings.rbegin(), warnings.rend(),
                                   [&](const Warning& warning) { return warning.rule == finding.id; });
    const auto decision = last == warnings.rend() ? "" : decision_text(*last, now);
    if (!decision.empty()) finding.message += "; " + decision;
  }
}

Json to_json(const Warning& warning) {
  auto json = Json::object({{"rule", warning.rule},
                            {"since", to_rfc3339(warning.since)},
                            {"noticed", to_rfc3339(warning.noticed)},
                            {"deadline", to_rfc3339(warning.deadline())},
                            {"seen", warning.seen}});
  if (warning.until) json["until"] = to_rfc3339(*warning.until);
  if (!warning.accepted_at) return json;
  json["accepted_by"] = warning.accepted_by;
  json["accepted_at"] = to_rfc3339(*warning.accepted_at);
  return json;
}

std::optional<Warning> warning_from(const Json& json) {
  const auto since = parse_rfc3339(json["since"].string_or(""));
  const auto noticed = parse_rfc3339(json["noticed"].string_or(""));
  if (!since || !noticed) return std::nullopt;
  return Warning{.rule = json["rule"].string_or(""),
                 .since = *since,
                 .noticed = *noticed,
                 .until = parse_rfc3339(json["until"].string_or("")),
                 .seen = json["seen"].string_or(""),
                 .accepted_by = json["accepted_by"].string_or(""),
                 .accepted_at = parse_rfc3339(json["accepted_at"].string_or(""))};
}

}  // namespace baton::watch
