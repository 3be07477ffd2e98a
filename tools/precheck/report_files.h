// Report files of a check: found by their globs, young enough, read one at a time.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "tools/precheck/look.h"
#include "tools/precheck/reading.h"

namespace baton::precheck {

/// Whether precheck.max_age holds. What somebody has said of a vulnerability does not become less true with time.
enum class ReportAge { limited, any };

/// Hands over what each report says, once however many globs match its file, and returns their digests. Throws
/// Error{unknown} when a glob matches nothing, and when a file, or what it says of itself, is older than
/// precheck.max_age, when it is too large, or no whole report of that kind.
std::vector<Evidence> read_reports(const Look& look, const std::vector<std::string>& globs, ReportKind kind,
                                   const std::function<void(const Reading&)>& take, ReportAge age = ReportAge::limited);

}  // namespace baton::precheck
