// Report files of a check: found by their globs, young enough, read whole.
#pragma once

#include <string>
#include <vector>

#include "tools/precheck/look.h"

namespace baton::precheck {

struct ReportFile {
  std::string name;
  std::string bytes;
  Evidence evidence;
};

/// Throws Error{unknown} when a glob matches nothing or a file is older than precheck.max_age.
std::vector<ReportFile> read_reports(const Look& look, const std::vector<std::string>& globs, const std::string& kind);

}  // namespace baton::precheck
