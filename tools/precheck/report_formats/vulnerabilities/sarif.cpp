// SARIF 2.1.0 of tools that look for vulnerabilities, in packages or in code.
#include <map>

#include "tools/precheck/report_format.h"
#include "tools/precheck/reports/json_parts.h"
#include "tools/precheck/reports/sarif_run.h"
#include "tools/precheck/reports/stamp.h"

namespace baton::precheck {
namespace {

bool recognises(std::string_view bytes) {
  const JsonHead head(bytes);
  const bool has_schema = head.text("$schema").find("sarif") != std::string_view::npos;
  return head.has("runs") && (has_schema || head.has("version") || head.has("runs/*/tool"));
}

struct Tally {
  SecurityReport report;
  std::optional<Time> written = {};
  bool has_runs = false;
  std::map<std::string, SarifRun> runs = {};  ///< by their numbers

  SarifRun& run(const JsonPlace& at) {
    constexpr std::size_t kMost = 1000;
    if (runs.size() == kMost && !runs.contains(at[1])) refuse_report(report.name, "it has more than 1000 runs");
    return runs[at[1]];
  }

  void invocation(SarifRun& run, const Json& invocation) {
    if (invocation["executionSuccessful"] == Json(false))
      refuse_report(report.name, "it says that its tool did not succeed");
    for (const auto* stamp : {"startTimeUtc", "endTimeUtc"})
      written = older(written, parse_stamp(brief(invocation[stamp])));
    for (const auto& change : invocation["ruleConfigurationOverrides"].items_or_none()) run.override_rule(change);
  }

  /// Where Trivy names the image.
  void properties(const Json& properties) {
    for (const auto& digest : texts_of(properties["repoDigests"])) report.add_digest(digest);
    report.add_digest(brief(properties["imageID"]));
    if (report.artifact.empty()) report.artifact = brief(properties["imageName"]);
  }

  void elsewhere(const Json& files) {
    if (!files["results"].is_null()) refuse_report(report.name, "its results stand in another file");
  }
};

std::vector<JsonPart> parts_of(Tally& tally) {
  return {
      {"runs/", [&](const Json& list, const JsonPlace&) { tally.has_runs = list.is_array(); }},
      {"runs/*/", [&](const Json&, const JsonPlace& at) { tally.run(at); }},
      {"runs/*/tool/driver/name", [&](const Json& v, const JsonPlace& at) { tally.run(at).tool = brief(v); }},
      {"runs/*/tool/driver/version", [&](const Json& v, const JsonPlace& at) { tally.run(at).version = brief(v); }},
      {"runs/*/tool/driver/semanticVersion",
       [&](const Json& v, const JsonPlace& at) {
         if (tally.run(at).version.empty()) tally.run(at).version = brief(v);
       }},
      {"runs/*/tool/driver/rules/*", [&](const Json& v, const JsonPlace& at) { tally.run(at).add_rule("", v); }},
      {"runs/*/tool/extensions/*/rules/*",
       [&](const Json& v, const JsonPlace& at) { tally.run(at).add_rule(at[4], v); }},
      {"runs/*/invocations/*", [&](const Json& v, const JsonPlace& at) { tally.invocation(tally.run(at), v); }},
      {"runs/*/properties", [&](const Json& v, const JsonPlace&) { tally.properties(v); }},
      {"runs/*/externalPropertyFileReferences", [&](const Json& v, const JsonPlace&) { tally.elsewhere(v); }},
      {"runs/*/results/", [&](const Json& v, const JsonPlace& at) { tally.run(at).has_results = v.is_array(); }},
      {"runs/*/results/*", [&](const Json& v, const JsonPlace& at) { tally.run(at).add_result(v, tally.report.name); }},
  };
}

ReadReport read(std::istream& bytes, std::string_view name) {
  Tally tally{.report = {.name = std::string(name), .scanned = Scanned::something}};
  const auto parts = parts_of(tally);
  parse_json_parts(bytes, name, parts);
  if (!tally.has_runs || tally.runs.empty()) refuse_report(name, "it has no run of any tool");
  for (const auto& [number, run] : tally.runs) run.finish(tally.report);
  return read_as(std::move(tally.report), tally.written);
}

}  // namespace

extern const Format sarif{.id = "sarif", .kind = ReportKind::vulnerabilities, .recognises = recognises, .read = read};

}  // namespace baton::precheck
