// Empty reports prove nothing: a pattern that matches no file is unknown.
#include "tools/precheck/report_files.h"

#include <istream>
#include <set>

#include "common/config/sections/precheck.h"
#include "common/core/error.h"
#include "common/core/units.h"
#include "common/io/glob.h"
#include "tools/precheck/report_bytes.h"
#include "tools/precheck/report_format.h"

namespace baton::precheck {
namespace {

constexpr std::string_view kUnknown = "unknown";

/// `whose`: "" for the file's time, or what says that it is older than its file.
void require_young(const Look& look, const std::string& name, Time produced, const std::string& whose = {}) {
  const Duration age = look.now() - produced;
  const Duration most = look.config().precheck().max_age;
  if (age <= most) return;
  throw Error(ExitCode::unknown,
              "report '" + name + "' is " + to_words(age) + " old" + whose + "; " + to_words(most) + " are allowed",
              "Build it again for this release.");
}

/// Checkouts and downloads make files new, not reports: the older time counts, and only what the report says is
/// handed on. That we stand on a commit proves nothing about a report that names none.
Evidence read_report(const Look& look, const fs::path& path, ReportKind kind,
                     const std::function<void(const Reading&)>& take, ReportAge age) {
  const auto name = path.lexically_normal().string();
  if (age == ReportAge::limited) require_young(look, name, modified_at(path));
  ReportBytes bytes(path, name);
  const auto& format = format_of(bytes.head(kHeadBytes), kind, name);
  std::istream stream(&bytes);
  stream.exceptions(std::ios::badbit);  // what the bytes throw comes through
  const auto report = format.read(stream, name);
  const auto written = report.written ? to_rfc3339(*report.written) : std::string(kUnknown);
  if (report.written && age == ReportAge::limited)
    require_young(look, name, *report.written, " by its own time stamp " + written);
  take(report.reading);
  return {.name = name,
          .kind = std::string(format.id),
          .sha256 = bytes.finish_sha256(),
          .about = report.about.empty() ? std::string(kUnknown) : report.about,
          .produced_at = written};
}

/// The same for every way to name a file.
fs::path identity_of(const fs::path& path) {
  std::error_code trouble;
  auto identity = fs::canonical(path, trouble);
  return trouble ? path : identity;
}

}  // namespace

std::vector<Evidence> read_reports(const Look& look, const std::vector<std::string>& globs, ReportKind kind,
                                   const std::function<void(const Reading&)>& take, ReportAge age) {
  std::vector<Evidence> evidence;
  std::set<fs::path> seen;
  for (const auto& glob : globs) {
    const auto paths = find_files(".", glob);
    if (paths.empty())
      throw Error(ExitCode::unknown, "no report matches '" + glob + "'",
                  "Build the reports before precheck, or correct the pattern.");
    for (const auto& path : paths) {
      if (seen.insert(identity_of(path)).second) evidence.push_back(read_report(look, path, kind, take, age));
    }
  }
  return evidence;
}

}  // namespace baton::precheck
