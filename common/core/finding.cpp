// Outcomes, verdicts and how the second follows from the first.
#include "common/core/finding.h"

#include <algorithm>
#include <array>
#include <charconv>

namespace baton {
namespace {

struct OutcomeEntry {
  Outcome outcome;
  std::string_view name;
  std::string_view mark;
};

constexpr std::array kOutcomes = {
    OutcomeEntry{Outcome::pass, "pass", "✅"},
    OutcomeEntry{Outcome::warn, "warn", "⚠️"},
    OutcomeEntry{Outcome::fail, "fail", "❌"},
    OutcomeEntry{Outcome::unknown, "unknown", "❔"},
    OutcomeEntry{Outcome::skipped, "skipped", "⏭️"},
};

struct VerdictEntry {
  Verdict verdict;
  std::string_view name;
  ExitCode code;
};

constexpr std::array kVerdicts = {
    VerdictEntry{Verdict::proceed, "proceed", ExitCode::proceed},
    VerdictEntry{Verdict::caution, "caution", ExitCode::proceed},
    VerdictEntry{Verdict::stop, "stop", ExitCode::stop},
    VerdictEntry{Verdict::unknown, "unknown", ExitCode::unknown},
    VerdictEntry{Verdict::rolled_back, "rolled-back", ExitCode::rolled_back},
    VerdictEntry{Verdict::rollback_failed, "rollback-failed", ExitCode::rollback_failed},
    VerdictEntry{Verdict::again, "again", ExitCode::again},
    VerdictEntry{Verdict::superseded, "superseded", ExitCode::proceed},
};

const OutcomeEntry& entry_of(Outcome outcome) {
  return *std::ranges::find_if(kOutcomes, [&](const auto& entry) { return entry.outcome == outcome; });
}

const VerdictEntry& entry_of(Verdict verdict) {
  return *std::ranges::find_if(kVerdicts, [&](const auto& entry) { return entry.verdict == verdict; });
}

[[noreturn]] void broken(const std::string& what) { throw Error(ExitCode::handoff, "finding " + what); }

const Json& member(const Json& json, std::string_view key) {
  const Json* found = json.find(key);
  if (found == nullptr) broken("has no '" + std::string(key) + "'");
  return *found;
}

const std::string& text_member(const Json& json, std::string_view key) {
  const Json& found = member(json, key);
  if (!found.is_string()) broken("has a '" + std::string(key) + "' that is no string");
  return found.string();
}

/// None where the member is absent.
std::vector<std::string> texts(const Json& list, const std::string& key) {
  if (!list.is_null() && !list.is_array()) broken("has a '" + key + "' that is no array");
  std::vector<std::string> all;
  for (const Json& item : list.items_or_none()) {
    if (!item.is_string()) broken("has a '" + key + "' with something else than strings");
    all.push_back(item.string());
  }
  return all;
}

Outcome outcome_from(std::string_view name) {
  const auto entry = std::ranges::find_if(kOutcomes, [&](const auto& e) { return e.name == name; });
  if (entry == kOutcomes.end()) broken("has an unknown outcome");
  return entry->outcome;
}

long long milliseconds_from(const std::string& text) {
  long long value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) broken("has a 'duration_ms' that is no whole number");
  return value;
}

}  // namespace

std::string_view outcome_name(Outcome outcome) { return entry_of(outcome).name; }
std::string_view outcome_mark(Outcome outcome) { return entry_of(outcome).mark; }

Json to_json(const Finding& finding) {
  const std::string& unit = finding.observed.is_empty() ? finding.expected.value.unit() : finding.observed.unit();
  const bool is_same_unit = finding.expected.value.unit() == unit;
  Json json = Json::object({{"id", finding.id},
                            {"sop", finding.sop},
                            {"title", finding.title},
                            {"critical", finding.critical},
                            {"outcome", outcome_name(finding.outcome)},
                            {"observed", finding.observed.decimal()},
                            {"unit", unit},
                            {"expected", is_same_unit ? finding.expected.decimal() : finding.expected.text()},
                            {"message", finding.message},
                            {"evidence", json_list(finding.files)}});
  if (finding.settled) json["settled"] = true;
  if (!finding.query.empty()) json["query"] = finding.query;
  if (!finding.log.empty()) json["log"] = json_list(finding.log);
  json["duration_ms"] = std::to_string(finding.duration_ms);
  return json;
}

Finding finding_from_json(const Json& json) {
  if (!json.is_object()) broken("is no object");
  const Json& critical = member(json, "critical");
  if (!critical.is_bool()) broken("has a 'critical' that is no boolean");
  const std::string& unit = text_member(json, "unit");
  return {.id = text_member(json, "id"),
          .sop = text_member(json, "sop"),
          .title = text_member(json, "title"),
          .critical = critical.boolean(),
          .outcome = outcome_from(text_member(json, "outcome")),
          .settled = json["settled"].boolean_or(false),
          .observed = measured_from(text_member(json, "observed"), unit),
          .expected = expected_from(text_member(json, "expected"), unit),
          .message = text_member(json, "message"),
          .files = texts(member(json, "evidence"), "evidence"),
          .query = json.find("query") == nullptr ? "" : text_member(json, "query"),
          .log = texts(json["log"], "log"),
          .duration_ms = milliseconds_from(text_member(json, "duration_ms"))};
}

std::vector<Finding> findings_from_json(const Json& list) {
  std::vector<Finding> findings;
  for (const auto& finding : list.items_or_none()) findings.push_back(finding_from_json(finding));
  return findings;
}

std::string_view verdict_name(Verdict verdict) { return entry_of(verdict).name; }
ExitCode exit_code(Verdict verdict) { return entry_of(verdict).code; }

Verdict verdict_from(std::string_view name) {
  const auto entry = std::ranges::find_if(kVerdicts, [&](const auto& e) { return e.name == name; });
  if (entry == kVerdicts.end()) throw Error(ExitCode::handoff, "verdict is none of Baton's words");
  return entry->verdict;
}

Verdict decide(std::span<const Finding> findings) {
  const auto any = [&](auto matches) { return std::ranges::any_of(findings, matches); };
  const auto is_critical = [](Outcome outcome) {
    return [outcome](const Finding& finding) { return finding.critical && finding.outcome == outcome; };
  };
  if (any(is_critical(Outcome::fail))) return Verdict::stop;
  // 0 of 0 is never a pass.
  const bool looked =
      any([](const Finding& finding) { return finding.critical && finding.outcome != Outcome::skipped; });
  if (!looked || any(is_critical(Outcome::unknown))) return Verdict::unknown;
  const bool clean = std::ranges::all_of(findings, [](const Finding& finding) {
    return finding.outcome == Outcome::pass || (finding.outcome == Outcome::skipped && finding.settled);
  });
  return clean ? Verdict::proceed : Verdict::caution;
}

}  // namespace baton
