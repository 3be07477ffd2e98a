// Window and on-call.
#include "common/config/sections/precheck/team.h"

#include "common/config/section.h"
#include "common/config/sections/precheck.h"

namespace baton::config {

void add_precheck_team(std::vector<Key>& all) {
  const Section section(all, "precheck.team.", [](auto& config) -> auto& { return config.precheck().team; },
                        {"precheck"});
  section.key("window", "When releases may go: days, hours, time zone", &TeamConfig::window);
  section.key("freezes", "When they may not: FIRST..LAST day, time zone", &TeamConfig::freezes);
  section.fills(section.key("on_call", "Who tells who is on call: {url, pointer}, {pagerduty: …} or {opsgenie: …}",
                            &TeamConfig::on_call),
                {});
}

}  // namespace baton::config
