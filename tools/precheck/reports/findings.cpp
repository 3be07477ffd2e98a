// Scanners overlap: the same flaw in the same package is one finding.
#include "tools/precheck/reports/findings.h"

#include <algorithm>

#include "tools/precheck/reports/package_name.h"

namespace baton::precheck {
namespace {

bool is_cve(std::string_view id) { return id.starts_with("CVE-"); }

/// The CVE, where it is one and only one.
std::string common_id(const Vulnerability& found) {
  if (is_cve(found.id) || std::ranges::count_if(found.aliases, is_cve) != 1) return found.id;
  return *std::ranges::find_if(found.aliases, is_cve);
}

std::string common_package(const Vulnerability& found) {
  const auto package = parse_package_name(found.purl);
  return package.type.empty() ? found.package : package.full_name();
}

/// Lower is worse, and unknown takes nothing away.
void merge(Vulnerability& known, const Vulnerability& other) {
  const auto severity = worse(known.severity, other.severity);
  const auto fixed = known.fixed.empty() ? other.fixed : known.fixed;
  if (other.standing < known.standing) known = other;
  known.severity = severity;
  if (known.fixed.empty()) known.fixed = fixed;
}

}  // namespace

void Findings::add(const Vulnerability& found) {
  const auto [place, is_new] = by_name_.try_emplace({common_id(found), common_package(found)}, found);
  if (!is_new) merge(place->second, found);
}

int Findings::count(Severity severity) const {
  return static_cast<int>(std::ranges::count_if(by_name_, [&](const auto& entry) {
    return entry.second.standing == FindingState::found && entry.second.severity == severity;
  }));
}

std::vector<Vulnerability> Findings::found() const { return sorted(true); }
std::vector<Vulnerability> Findings::set_aside() const { return sorted(false); }

std::vector<Vulnerability> Findings::sorted(bool is_found) const {
  std::vector<Vulnerability> all;
  for (const auto& [name, found] : by_name_) {
    if ((found.standing == FindingState::found) == is_found) all.push_back(found);
  }
  std::ranges::stable_sort(all, {}, &Vulnerability::severity);
  return all;
}

}  // namespace baton::precheck
