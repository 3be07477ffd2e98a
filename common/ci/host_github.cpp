// GitHub Actions: stop-commands around text, annotations, step summary, outputs.
#include <fmt/format.h>

#include "common/ci/host.h"
#include "common/core/digest.h"
#include "common/core/finding_text.h"
#include "common/core/printable.h"
#include "common/core/text.h"
#include "common/io/files.h"

namespace baton {
namespace {

constexpr std::size_t kMaxAnnotations = 10;       // of errors and of warnings each: the host drops more
constexpr std::size_t kMaxSummary = 900U << 10U;  // the host refuses 1 MiB

/// Data of a workflow command; a property's ':' and ',' are escaped too.
std::string escaped(std::string_view text) {
  return replace_all(replace_all(replace_all(text, "%", "%25"), "\r", "%0D"), "\n", "%0A");
}
std::string escaped_property(std::string_view text) {
  return replace_all(replace_all(escaped(text), ":", "%3A"), ",", "%2C");
}

std::string dress(const Record& record, const std::string& text) {
  // A line of foreign text that looks like a command is only text between these two.
  const std::string token = random_hex(16);
  std::string findings;
  for (const Finding& finding : record.result.findings) {
    findings += fmt::format("{} {}\n", outcome_mark(finding.outcome), finding_text(finding));
  }
  const auto guarded = [&](const std::string& inner) {
    return fmt::format("::stop-commands::{0}\n{1}::{0}::\n", token, inner);
  };
  if (findings.empty()) return guarded(text);
  return guarded(text) +
         fmt::format("::group::All findings ({})\n{}::endgroup::\n", record.result.findings.size(), guarded(findings));
}

enum class Kind { none, warning, error };

Kind kind_of(const Finding& finding) {
  if (finding.outcome == Outcome::pass || finding.outcome == Outcome::skipped) return Kind::none;
  const bool is_error = finding.outcome == Outcome::fail || (finding.outcome == Outcome::unknown && finding.critical);
  return is_error ? Kind::error : Kind::warning;
}

std::string annotation(std::string_view command, const std::string& title, const std::string& text) {
  return fmt::format("::{} title={}::{}\n", command, escaped_property(title), escaped(text));
}

std::string annotations_of(const Record& record, Kind kind, std::string_view command) {
  std::vector<const Finding*> wanted;
  for (const Finding& finding : record.result.findings) {
    if (kind_of(finding) == kind) wanted.push_back(&finding);
  }
  std::string lines;
  const bool is_cut = wanted.size() > kMaxAnnotations;
  const std::size_t shown = is_cut ? kMaxAnnotations - 1 : wanted.size();
  for (std::size_t i = 0; i < shown; ++i) {
    lines += annotation(command, record.step + " " + wanted[i]->id, finding_text(*wanted[i]));
  }
  if (is_cut)
    lines += annotation(command, record.step, fmt::format("and {} more: see the step summary", wanted.size() - shown));
  return lines;
}

std::string annotations(const Record& record) {
  if (record.error) return annotation("error", record.step, record.error->what());
  return annotations_of(record, Kind::error, "error") + annotations_of(record, Kind::warning, "warning");
}

std::string summary_of(const Record& record) {
  std::string text = to_markdown(report_of(record)) + "\n";
  if (text.size() <= kMaxSummary) return text;
  std::size_t end = text.rfind('\n', kMaxSummary);
  if (end == std::string::npos) end = kMaxSummary;
  return text.substr(0, end) + "\n\n(cut here: the rest is in the report files)\n";
}

std::string outputs_of(const Record& record) {
  const auto again = record.result.run_again_at;
  return fmt::format("verdict={}\nexit-code={}\nhandoff-path={}\nhandoff-sha256={}\nrun-again-at={}\n",
                     record.verdict_word(), static_cast<int>(record.code), printable(record.handoff_path),
                     record.handoff_sha256, again ? to_rfc3339(*again) : "");
}

void write_files(const Record& record, const Environment& environment, const std::string& /*dir*/) {
  if (const auto path = environment.find("GITHUB_STEP_SUMMARY")) append_file(*path, summary_of(record));
  if (const auto path = environment.find("GITHUB_OUTPUT")) append_file(*path, outputs_of(record));
}

}  // namespace

const CiHost github{.name = "github", .dress = dress, .annotations = annotations, .write_files = write_files};

}  // namespace baton
