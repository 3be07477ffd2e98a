// A statement clears what it names, and nothing beside that.
#include "tools/precheck/reports/vex.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "common/core/text.h"
#include "tools/precheck/reports/package_name.h"

namespace baton::precheck {
namespace {

constexpr std::array<std::string_view, 2> kExcusing = {"not_affected", "false_positive"};
constexpr std::array<std::string_view, 3> kMending = {"fixed", "resolved", "resolved_with_pedigree"};
constexpr std::array<std::string_view, 2> kImages = {"oci", "docker"};

template <typename Range>
bool holds(const Range& range, std::string_view value) {
  return std::ranges::find(range, value) != std::ranges::end(range);
}

bool is_package(std::string_view named, const Vulnerability& found) {
  const auto wanted = parse_package_name(named);
  const auto own = parse_package_name(found.purl);
  if (holds(kImages, wanted.type)) return false;
  const bool is_same_purl = !own.type.empty() && wanted.type == own.type && wanted.full_name() == own.full_name();
  const bool is_other_type = !own.type.empty() && !wanted.type.empty() && wanted.type != own.type;
  if (is_other_type || !(is_same_purl || wanted.is_called(found.package))) return false;
  return wanted.version.empty() || wanted.version == found.version || wanted.version == own.version;
}

std::string_view last_step(std::string_view repository) { return repository.substr(repository.rfind('/') + 1); }

bool is_released(std::string_view named, const Released& released) {
  const auto product = parse_package_name(named);
  if (product.type.empty()) return !named.empty() && (named == released.app || named == released.repository);
  const bool is_version = product.version.empty() || product.version == released.version;
  if (!holds(kImages, product.type)) return product.name == released.app && is_version;
  const auto own = to_lower(last_step(released.repository));
  return to_lower(product.name) == own && (is_version || holds(released.digests, product.version));
}

bool is_about(const VexStatement& statement, const Released& released, const Vulnerability& found) {
  const auto as_package = [&](const std::string& named) { return is_package(named, found); };
  const auto as_whole = [&](const std::string& named) { return is_released(named, released); };
  if (statement.packages.empty())
    return std::ranges::any_of(statement.products, as_package) || std::ranges::any_of(statement.products, as_whole);
  return std::ranges::any_of(statement.packages, as_package) && std::ranges::any_of(statement.products, as_whole);
}

}  // namespace

Vex::Vex(std::vector<VexStatement> statements) : statements_(std::move(statements)) {
  std::ranges::stable_sort(statements_, {}, &VexStatement::at);  // none is before any time
  for (std::size_t i = 0; i < statements_.size(); ++i) {
    for (const auto& id : statements_[i].ids) by_id_[id].push_back(i);
  }
}

void Vex::apply(const Released& released, Vulnerability& found) const {
  auto ids = found.aliases;
  ids.push_back(found.id);
  std::optional<std::size_t> last;
  for (const auto& id : ids) {
    const auto known = by_id_.find(id);
    if (known == by_id_.end()) continue;
    for (const auto i : known->second) {
      if (last.value_or(0) <= i && is_about(statements_[i], released, found)) last = i;
    }
  }
  if (!last || !statements_[*last].clears) return;
  found.standing = FindingState::cleared;
  found.reason = statements_[*last].reason + in_brackets(statements_[*last].source);
}

void set_status(VexStatement& statement, std::string_view status, std::string_view why) {
  const auto reason = trim(why);
  statement.clears = holds(kMending, status) || (holds(kExcusing, status) && !reason.empty());
  statement.reason = status;
  if (!reason.empty()) statement.reason += ": " + std::string(reason);
}

}  // namespace baton::precheck
