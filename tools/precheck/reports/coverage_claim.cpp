// Producers cut, filter and repeat lines: their own sums may say something else.
#include "tools/precheck/reports/coverage_claim.h"

#include <fmt/format.h>

#include <cmath>

#include "common/core/error.h"
#include "common/core/text.h"
#include "common/core/units.h"
#include "common/io/files.h"

namespace baton::precheck {
namespace {

constexpr double kRoundingPoints = 0.5;  ///< rates are written with two digits and more

bool agree(const LineCount& one, const LineCount& other) {
  return std::abs(one.percent() - other.percent()) <= kRoundingPoints;
}

}  // namespace

void CoverageTally::add(const std::string& file, std::uint32_t line, bool is_hit) {
  lines.add(file, line, is_hit);
  ++listed.valid;
  if (is_hit) ++listed.covered;
}

LineCoverage weigh_coverage(CoverageTally tally, std::string_view name) {
  const auto& claim = tally.claim;
  if (tally.listed.valid == 0) {
    if (!claim || claim->covered > claim->valid) {
      throw Error(ExitCode::unknown, std::string(name) + ": it counts no lines",
                  "Name the coverage report, and build it with lines.");
    }
    if (claim->valid == 0) return {};
    return {.root = claim, .unlisted = std::string(name), .measured = 1};
  }
  LineCoverage coverage{.lines = std::move(tally.lines), .measured = 1};
  const auto once = coverage.lines.count();
  if (!claim || agree(*claim, once)) return coverage;
  if (claim->valid == tally.listed.valid && agree(*claim, tally.listed)) return coverage;
  coverage.doubts.push_back(
      fmt::format("{} disagrees with itself: {} % by its {}, {} % by its {}; the lower one counts", name,
                  number_text(once.percent()), count_text(static_cast<long long>(once.valid), "line"),
                  number_text(claim->percent()), tally.claimed_by));
  if (claim->percent() < once.percent()) coverage.root = claim;
  return coverage;
}

std::string source_path(std::string_view folder, std::string_view path) {
  const auto spelled = replace_all(path, "\\", "/");
  const bool is_absolute = spelled.starts_with('/') || spelled.substr(0, 3).ends_with(":/");
  return (is_absolute ? fs::path(spelled) : fs::path(folder) / spelled).lexically_normal().string();
}

}  // namespace baton::precheck
