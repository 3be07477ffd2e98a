// Package URLs, and the names that stand for the same.
#include "tools/precheck/reports/package_name.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "common/core/text.h"

namespace baton::precheck {
namespace {

/// Of these the namespace is a distribution, which is no part of the name.
constexpr std::array<std::string_view, 4> kDistributions = {"deb", "rpm", "apk", "alpm"};

std::string percent_decoded(std::string_view text) {
  std::string decoded;
  for (std::size_t i = 0; i < text.size(); ++i) {
    unsigned byte = 0;
    const char* digits = text.data() + i + 1;
    const bool is_escape =
        text[i] == '%' && i + 2 < text.size() && std::from_chars(digits, digits + 2, byte, 16).ptr == digits + 2;
    decoded += is_escape ? static_cast<char>(byte) : text[i];
    if (is_escape) i += 2;
  }
  return decoded;
}

}  // namespace

bool PackageName::is_called(std::string_view name_in_report) const {
  if (name.empty()) return false;
  const bool is_of_distribution = std::ranges::find(kDistributions, type) != kDistributions.end();
  if (space.empty() || is_of_distribution) return name_in_report == name;
  return name_in_report == space + "/" + name || name_in_report == space + ":" + name;
}

std::string PackageName::full_name() const {
  const bool is_of_distribution = std::ranges::find(kDistributions, type) != kDistributions.end();
  if (space.empty() || is_of_distribution) return name;
  return space + (type == "maven" ? ":" : "/") + name;
}

PackageName parse_package_name(std::string_view text) {
  constexpr std::string_view kScheme = "pkg:";
  PackageName package;
  if (!text.starts_with(kScheme)) {
    package.name = text;
    return package;
  }
  text.remove_prefix(kScheme.size());
  text = text.substr(0, text.find('#'));
  text = text.substr(0, text.find('?'));
  // The "@" of a scope is written %40, or by some as it is, right behind the type.
  if (const auto at = text.rfind('@'); at != std::string_view::npos && at > 0 && text[at - 1] != '/') {
    package.version = percent_decoded(text.substr(at + 1));
    text = text.substr(0, at);
  }
  const auto first = text.find('/');
  package.type = to_lower(text.substr(0, first));
  if (first == std::string_view::npos) return package;
  text = text.substr(first + 1);
  const auto last = text.rfind('/');
  if (last != std::string_view::npos) package.space = percent_decoded(text.substr(0, last));
  package.name = percent_decoded(last == std::string_view::npos ? text : text.substr(last + 1));
  return package;
}

}  // namespace baton::precheck
