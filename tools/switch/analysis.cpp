// The post-rollback analysis.
#include "tools/switch/analysis.h"

#include <fmt/format.h>

#include "common/core/digest.h"
#include "common/core/report.h"
#include "common/io/files.h"

namespace baton::cutover {
namespace {

ReportSection facts(const Course& course, const std::string& reason, const std::string& by) {
  const auto& move = course.move;
  ReportSection section{.heading = "What happened"};
  section.lines = {{"Release: " + move.version + " (" + move.digest + ")"},
                   {"Deployment id: " + move.id},
                   {"Rolled back because: " + reason},
                   {"Rolled back by: " + by},
                   {"Bad colour: " + move.deployment},
                   {"Serving again: " + move.previous_deployment + " (" + move.previous_image + ")"}};
  if (move.patched_at) section.lines.push_back({"Traffic switched: " + to_rfc3339(*move.patched_at)});
  if (move.undone_at) section.lines.push_back({"Traffic switched back: " + to_rfc3339(*move.undone_at)});
  return section;
}

ReportSection times_section(const Json& times) {
  ReportSection section{.heading = "Times of the rollback"};
  for (const auto& [name, value] : times.members_or_none()) section.lines.push_back({name + ": " + to_text(value)});
  return section;
}

ReportSection findings_section(const std::vector<Finding>& findings) {
  ReportSection section{.heading = "Findings"};
  for (const auto& finding : findings) {
    auto text = finding.title;
    if (!finding.observed.empty()) text += ": " + finding.observed + " " + finding.unit;
    if (!finding.message.empty()) text += " — " + finding.message;
    section.lines.push_back({text, finding.outcome});
  }
  return section;
}

ReportSection evidence_section(const std::vector<std::string>& files) {
  ReportSection section{.heading = "Evidence, taken before anything was deleted"};
  for (const auto& file : files) section.lines.push_back({"evidence/" + file});
  if (files.empty()) section.lines.push_back({"Nothing was left to take", Outcome::unknown});
  return section;
}

ReportSection open_section() {
  return {.heading = "To be done",
          .lines = {{"Root cause: new code, configuration, a migration, or resource limits"},
                    {"Fix it, test it again on staging, deploy anew"}}};
}

}  // namespace

void add_evidence(Passage& passage, Course& course, const std::vector<std::string>& files) {
  for (const auto& file : files) {
    const auto path = fs::path(passage.evidence_folder()) / file;
    course.evidence.push_back({.name = "evidence/" + file,
                               .kind = "cluster",
                               .sha256 = sha256_hex(read_file(path)),
                               .about = course.move.digest,
                               .produced_at = to_rfc3339(modified_at(path))});
  }
}

void write_analysis(Passage& passage, Course& course, const rollout::Undo& undo, const std::string& reason,
                    const std::string& by) {
  add_evidence(passage, course, undo.evidence);
  Report report{.title = "Post-Rollback Analysis: " + course.move.version};
  report.sections = {facts(course, reason, by), times_section(undo.times), findings_section(course.findings),
                     evidence_section(undo.evidence), open_section()};
  const auto path = passage.env.dir / fmt::format("post-rollback-analysis-{}.md", course.move.version);
  write_file(path, to_markdown(report));
  course.artifacts.push_back(path);
}

}  // namespace baton::cutover
