// Empty reports prove nothing: a pattern that matches no file is unknown.
#include "tools/precheck/report_files.h"

#include "common/config/sections/precheck.h"
#include "common/core/digest.h"
#include "common/core/units.h"
#include "common/io/glob.h"

namespace baton::precheck {

std::vector<ReportFile> read_reports(const Look& look, const std::vector<std::string>& globs, const std::string& kind) {
  std::vector<ReportFile> files;
  for (const auto& glob : globs) {
    const auto paths = find_files(".", glob);
    if (paths.empty())
      throw Error(ExitCode::unknown, "no report matches '" + glob + "'",
                  "Build the reports before precheck, or correct the pattern.");
    for (const auto& path : paths) {
      const Time produced = modified_at(path);
      const Duration age = look.now() - produced;
      const std::string name = path.lexically_normal().string();
      if (age > look.config().precheck().max_age) {
        throw Error(ExitCode::unknown,
                    "report '" + name + "' is " + to_words(age) + " old; " +
                        to_words(look.config().precheck().max_age) + " are allowed",
                    "Build it again for this release.");
      }
      ReportFile file{.name = name, .bytes = read_file(path)};
      file.evidence = {.name = name,
                       .kind = kind,
                       .sha256 = sha256_hex(file.bytes),
                       .about = look.release().commit,
                       .produced_at = to_rfc3339(produced)};
      files.push_back(std::move(file));
    }
  }
  return files;
}

}  // namespace baton::precheck
