// GitHub Actions: stop-commands around text, annotations, step summary, outputs.
#include <fmt/format.h>

#include <algorithm>

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
  const std::string findings = unsaid_findings(record, text);
  const auto guarded = [&](const std::string& inner) {
    return fmt::format("::stop-commands::{0}\n{1}::{0}::\n", token, inner);
  };
  if (findings.empty()) return guarded(text);
  return guarded(text) + fmt::format("::group::Findings\n{}::endgroup::\n", guarded(findings));
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
  if (record.error) {
    std::vector<std::string> mistakes = split(record.error->what(), '\n');
    mistakes.resize(std::min(mistakes.size(), kMaxAnnotations));
    std::string lines;
    for (const std::string& mistake : mistakes) lines += annotation("error", record.step, mistake);
    return lines;
  }
  return annotations_of(record, Kind::error, "error") + annotations_of(record, Kind::warning, "warning");
}

/// The page that the step wrote for people, where it wrote one: the checklist, the report of a watch.
std::optional<std::string> page_of(const Record& record) {
  const auto& artifacts = record.result.artifacts;
  const auto page = std::ranges::find(artifacts, ".md", [](const fs::path& file) { return file.extension(); });
  return page == artifacts.end() ? std::nullopt : read_file_if_exists(*page, 4 * kMaxSummary);
}

std::string summary_of(const Record& record) {
  Report report = report_of(record);
  const auto page = page_of(record);
  if (page) std::erase_if(report.sections, [](const ReportSection& section) { return section.mark.has_value(); });
  std::string text = page ? *page : "";
  if (!page || record.has_failed()) text += (page ? "\n" : "") + to_markdown(report) + "\n";
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
