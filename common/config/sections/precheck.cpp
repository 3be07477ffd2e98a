// What counts, what does not, and the groups' own keys.
#include "common/config/sections/precheck.h"

#include "common/config/ranges.h"
#include "common/config/section.h"

namespace baton::config {
namespace {

/// In the file's order.
constexpr std::array kGroups = {add_precheck_quality,   add_precheck_infrastructure, add_precheck_migrations,
                                add_precheck_staging,   add_precheck_security,       add_precheck_image,
                                add_precheck_capacity,  add_precheck_documentation,  add_precheck_team,
                                add_precheck_monitoring};

}  // namespace

void add_precheck(std::vector<Key>& all) {
  using Precheck = PrecheckConfig;
  const auto at = [](auto& config) -> auto& { return config.precheck(); };
  const Section section(all, "precheck.", at, {"precheck"});
  section.key("branch", "Branch that holds every commit which is released", &Precheck::branch);
  section.key("max_age", "Oldest report that still counts", &Precheck::max_age, positive());
  // What does not apply is not judged after the switch either.
  const Section judged(all, "precheck.", at, {"precheck", "switch", "watch"});
  judged.key("not_applicable", "Groups or checks switched off, each with its reason", &Precheck::not_applicable)
      .is_guard = true;
  for (const auto add : kGroups) add(all);
  section.key("waivers", "Failing checks that somebody answers for: {check, reason, by, until}", &Precheck::waivers)
      .is_guard = true;
}

}  // namespace baton::config
