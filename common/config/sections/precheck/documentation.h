// `precheck.documentation:` what must be written.
#pragma once

#include <string>
#include <vector>

namespace baton {

/// SOP, "Documentation Readiness".
struct DocumentationConfig {
  std::string changelog = "CHANGELOG.md";
  std::string release_notes = {};  ///< a file, or a folder of files
  std::string rollback_plan = {};
  std::string runbook = {};
};

namespace config {
struct Key;
/// The keys of `precheck.documentation`.
void add_precheck_documentation(std::vector<Key>& all);
}  // namespace config

}  // namespace baton
