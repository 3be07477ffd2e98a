// Versions as releases and their tags are named.
#pragma once

#include <compare>
#include <optional>
#include <string>
#include <string_view>

namespace baton::precheck {

/// Semantic Versioning 2.0, with or without a v in front.
struct Version {
  long long major = 0, minor = 0, patch = 0;
  bool is_final = true;  ///< nothing stands behind a hyphen
  auto operator<=>(const Version&) const = default;
};
/// Nothing for anything else.
std::optional<Version> parse_version(std::string_view text);
/// The same of the tag of a release that has proved itself, "v1.6.0-stable", which is the release's own version.
std::optional<Version> version_of_tag(std::string_view tag);
bool is_stable_tag(std::string_view tag);

/// Whether the text names this release, not only a longer name that holds it: "1.6.0" of "v1.6.0", but not "1.6.01".
bool names_version(std::string_view text, std::string_view release);

}  // namespace baton::precheck
