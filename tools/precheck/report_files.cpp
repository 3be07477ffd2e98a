// Empty reports prove nothing: a pattern that matches no file is unknown.
#include "tools/precheck/report_files.h"

#include <istream>

#include "common/config/sections/precheck.h"
#include "common/core/units.h"
#include "common/io/glob.h"
#include "tools/precheck/report_bytes.h"
#include "tools/precheck/report_format.h"

namespace baton::precheck {
namespace {

void require_young(const Look& look, const std::string& name, Time produced) {
  const Duration age = look.now() - produced;
  const Duration most = look.config().precheck().max_age;
  if (age <= most) return;
  throw Error(ExitCode::unknown,
              "report '" + name + "' is " + to_words(age) + " old; " + to_words(most) + " are allowed",
              "Build it again for this release.");
}

Evidence read_report(const Look& look, const fs::path& path, ReportKind kind,
                     const std::function<void(const Reading&)>& take) {
  const auto name = path.lexically_normal().string();
  const auto produced = modified_at(path);
  require_young(look, name, produced);
  ReportBytes bytes(path, name);
  const auto& format = format_of(bytes.head(kHeadBytes), kind, name);
  std::istream stream(&bytes);
  stream.exceptions(std::ios::badbit);  // what the bytes throw comes through
  take(format.read(stream, name));
  return {.name = name,
          .kind = std::string(format.id),
          .sha256 = bytes.finish_sha256(),
          .about = look.release().commit,
          .produced_at = to_rfc3339(produced)};
}

}  // namespace

std::vector<Evidence> read_reports(const Look& look, const std::vector<std::string>& globs, ReportKind kind,
                                   const std::function<void(const Reading&)>& take) {
  std::vector<Evidence> evidence;
  for (const auto& glob : globs) {
    const auto paths = find_files(".", glob);
    if (paths.empty())
      throw Error(ExitCode::unknown, "no report matches '" + glob + "'",
                  "Build the reports before precheck, or correct the pattern.");
    for (const auto& path : paths) evidence.push_back(read_report(look, path, kind, take));
  }
  return evidence;
}

}  // namespace baton::precheck
