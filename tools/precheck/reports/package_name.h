// Packages as scanners, purls and VEX name them.
#pragma once

#include <string>
#include <string_view>

namespace baton::precheck {

/// A package URL (ECMA-427): pkg:TYPE/NAMESPACE/NAME@VERSION?QUALIFIERS#SUBPATH, percent-decoded. `type` is empty where
/// the text is no purl; then `name` is the text.
struct PackageName {
  std::string type = {};
  std::string space = {};
  std::string name = {};
  std::string version = {};

  /// "lodash", "@babel/core", "org.apache.logging.log4j:log4j-core": what scanners write for it.
  bool is_called(std::string_view name_in_report) const;
  /// "org/name" or "name".
  std::string full_name() const;
};
PackageName parse_package_name(std::string_view text);

}  // namespace baton::precheck
