// One model of a run's outcome, as text, JSON and report.
#include "common/step/record.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "common/cli/exit_meaning.h"
#include "common/core/finding_text.h"
#include "common/core/printable.h"
#include "common/core/text.h"
#include "common/core/version.h"

namespace baton {
namespace {

bool is_bad(const Finding& finding) {
  return finding.outcome == Outcome::fail || finding.outcome == Outcome::unknown || finding.outcome == Outcome::warn;
}

void add_once(std::vector<std::string>& steps, const std::vector<std::string>& more) {
  for (const std::string& step : more) {
    if (std::ranges::find(steps, step) == steps.end()) steps.push_back(step);
  }
}

constexpr std::array kVerdictWords = {
    std::pair{Verdict::proceed, "go on"},
    std::pair{Verdict::caution, "go on, with warnings"},
    std::pair{Verdict::stop, "stop"},
    std::pair{Verdict::unknown, "no answer, and so no go"},
    std::pair{Verdict::rolled_back, "rolled back"},
    std::pair{Verdict::rollback_failed, "the rollback failed: a person is needed now"},
    std::pair{Verdict::again, "not over yet"},
    std::pair{Verdict::superseded, "a newer release took over"},
};

/// Of several mistakes the first, and how many more.
std::string error_line(const Error& error) {
  const auto lines = split(error.what(), '\n');
  return lines.size() == 1 ? lines.front() : fmt::format("{}, and {} more", lines.front(), lines.size() - 1);
}

std::string seen_lines(const Record& record) {
  std::string text;
  for (const Finding& finding : record.result.findings) {
    if (!is_bad(finding)) continue;
    text += fmt::format("  {} {}\n", outcome_mark(finding.outcome), finding_text(finding));
    for (const std::string& line : finding.log) text += "       | " + printable(line) + "\n";
  }
  return text.empty() ? "" : "\nSeen:\n" + text;
}

std::string failure_text(const Record& record) {
  std::string text = seen_lines(record) + fmt::format("\nMeans:\n  {}\nDo next:\n", meaning_of(record.code).meaning);
  int number = 0;
  for (const std::string& step : recovery_of(record)) text += fmt::format("  {}. {}\n", ++number, step);
  return text;
}

void add_step_members(Json& json, const Record& record) {
  json["verdict"] = record.verdict_word();
  if (!record.observed.empty()) json["observed"] = record.observed;
  json["release"] = to_json(record.release);
  json["findings"] = json_list(record.result.findings, [](const Finding& finding) { return to_json(finding); });
  if (record.result.run_again_at) json["run_again_at"] = to_rfc3339(*record.result.run_again_at);
  if (!record.result.waiting_for.empty()) json["waiting_for"] = record.result.waiting_for;
  if (!record.handoff_path.empty()) {
    json["handoff"] = Json::object({{"path", record.handoff_path}, {"sha256", record.handoff_sha256}});
  }
  json["dry_run"] = record.is_dry_run;
  json["kept"] = record.is_kept;
}

}  // namespace

std::string_view verdict_words(Verdict verdict) {
  return std::ranges::find(kVerdictWords, verdict, &std::pair<Verdict, const char*>::first)->second;
}

std::string headline(const Record& record) {
  const std::string what =
      record.release.version.empty() ? "" : " of " + record.release.app + " " + record.release.version;
  const auto& verdict = record.result.verdict;
  const bool is_verdicts = record.error || record.code == exit_code(verdict) || record.code == ExitCode::proceed;
  return fmt::format("{}{}: {}{} (exit {}{}{})", record.step, what,
                     record.error ? error_line(*record.error) : std::string(verdict_words(verdict)),
                     record.observed.empty() ? "" : ", observed " + record.observed, static_cast<int>(record.code),
                     is_verdicts ? "" : fmt::format(": {}", meaning_of(record.code).meaning),
                     record.is_dry_run ? ", dry run" : "");
}

std::string_view Record::verdict_word() const {
  return error && handoff_path.empty() ? exit_name(code) : verdict_name(result.verdict);
}

std::vector<std::string> recovery_of(const Record& record) {
  std::vector<std::string> steps;
  add_once(steps, record.result.recovery);
  for (const Finding& finding : record.result.findings) {
    if (is_bad(finding)) add_once(steps, finding.recovery);
  }
  if (record.error && !record.error->hint().empty()) add_once(steps, {record.error->hint()});
  if (steps.empty() && record.has_failed()) steps.emplace_back(meaning_of(record.code).next);
  return steps;
}

std::string text_record(const Record& record) {
  std::string text = record.result.summary;
  if (!text.empty() && text.back() != '\n') text += '\n';
  if (record.kind != VerbKind::look) text += headline(record) + "\n";
  if (record.has_failed() && !record.error) text += failure_text(record);  // an error's three parts are on stderr
  if (record.result.run_again_at) text += "Run again at " + to_rfc3339(*record.result.run_again_at) + "\n";
  if (!record.result.waiting_for.empty()) text += "Waiting for " + record.result.waiting_for + "\n";
  if (!record.handoff_path.empty())
    text += fmt::format("Handoff {} sha256:{}\n", record.handoff_path, record.handoff_sha256);
  return text;
}

Json json_record(const Record& record) {
  Json json = Json::object({{"tool", "baton-" + record.step},
                            {"tool_version", kVersion},
                            {"exit_code", static_cast<int>(record.code)},
                            {"exit_name", exit_name(record.code)},
                            {"started_at", to_rfc3339(record.started_at)},
                            {"finished_at", to_rfc3339(record.finished_at)}});
  if (!record.verb.empty()) json["verb"] = record.verb;
  if (record.kind != VerbKind::look) add_step_members(json, record);
  if (record.error) json["error"] = record.error->what();
  if (record.has_failed()) {
    json["means"] = meaning_of(record.code).meaning;
    json["recovery"] = json_list(recovery_of(record));
  }
  for (const auto& [key, value] : record.result.record.members_or_none()) json[key] = value;
  return json;
}

Report report_of(const Record& record) {
  Report report{.title = headline(record), .sections = {}};
  for (const Outcome outcome : {Outcome::fail, Outcome::unknown, Outcome::warn, Outcome::pass, Outcome::skipped}) {
    ReportSection section{.heading = std::string(outcome_name(outcome)), .mark = outcome};
    for (const Finding& finding : record.result.findings) {
      if (finding.outcome == outcome) section.lines.push_back({finding_line(finding), outcome});
    }
    if (!section.lines.empty()) report.sections.push_back(std::move(section));
  }
  if (!record.has_failed()) return report;
  report.sections.push_back({.heading = "Means", .lines = {{std::string(meaning_of(record.code).meaning)}}});
  ReportSection next{.heading = "Do next"};
  for (const std::string& step : recovery_of(record)) next.lines.push_back({step});
  report.sections.push_back(std::move(next));
  return report;
}

}  // namespace baton
