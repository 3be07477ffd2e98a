// The order in which a person takes up what was found.
#include "tools/precheck/first_to_fix.h"

#include <algorithm>
#include <array>

#include "common/core/finding_text.h"
#include "common/core/printable.h"

namespace baton::precheck {
namespace {

constexpr std::size_t kLongest = 400;

struct Rank {
  bool critical;
  Outcome outcome;
};
constexpr std::array kRanks = {
    Rank{true, Outcome::fail},     Rank{true, Outcome::unknown}, Rank{false, Outcome::fail},
    Rank{false, Outcome::unknown}, Rank{true, Outcome::warn},    Rank{false, Outcome::warn},
};

}  // namespace

FirstToFix first_to_fix(std::span<const GroupFindings> groups) {
  for (const auto& rank : kRanks) {
    for (const auto& [group, findings] : groups) {
      const auto found = std::ranges::find_if(findings, [&](const Finding& finding) {
        return finding.critical == rank.critical && finding.outcome == rank.outcome;
      });
      if (found != findings.end()) return {.group = group, .finding = &*found};
    }
  }
  return {};
}

std::vector<std::string> recovery_of(const FirstToFix& first) {
  if (first.finding == nullptr) return {};
  auto steps = first.finding->recovery;
  for (const auto step : first.group->recovery) {
    if (std::ranges::find(steps, step) == steps.end()) steps.emplace_back(step);
  }
  return steps;
}

std::string first_text(const FirstToFix& first) {
  if (first.finding == nullptr) return "";
  const auto& finding = *first.finding;
  const bool is_urgent = finding.critical && finding.outcome != Outcome::warn;
  return printable(
      (is_urgent ? "Fix first: " : "Look first at: ") + finding.title + " (" + finding.id + "): " + seen_text(finding),
      kLongest);
}

}  // namespace baton::precheck
