// Changelog, notes, plans.
#include "common/config/sections/precheck/documentation.h"

#include "common/config/section.h"
#include "common/config/sections/precheck.h"

namespace baton::config {

void add_precheck_documentation(std::vector<Key>& all) {
  using Documentation = DocumentationConfig;
  const Section section(all, "precheck.documentation.",
                        [](auto& config) -> auto& { return config.precheck().documentation; }, {"precheck"});
  section.key("changelog", "Changelog with a section of the version", &Documentation::changelog);
  section.key("release_notes", "Release notes: a file, or a folder of them", &Documentation::release_notes);
  section.key("rollback_plan", "Rollback plan", &Documentation::rollback_plan);
  section.key("runbook", "Runbook", &Documentation::runbook);
}

}  // namespace baton::config
