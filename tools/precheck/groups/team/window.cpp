// SOP, "Prerequisites": Deployment window confirmed.
#include <fmt/format.h>

#include "common/config/sections/precheck.h"
#include "common/core/text.h"
#include "common/core/units.h"
#include "tools/precheck/check.h"
#include "tools/precheck/look.h"
#include "tools/precheck/team/calendar.h"

namespace baton::precheck {
namespace {

/// Which freeze `now` lies in; empty: none.
std::string freeze_text(const Look& look) {
  for (const auto& text : look.config().precheck().team.freezes) {
    const auto zone = look.zone(parse_freeze(text).zone);
    const auto span = span_of(parse_freeze(text), zone);
    if (span.contains(look.now())) return fmt::format("frozen until {} by '{}'", local_text(zone, span.until), text);
  }
  return "";
}

Observation observe(const Look& look) {
  const auto& team = look.config().precheck().team;
  if (team.window.empty() && team.freezes.empty())
    return {.outcome = Outcome::skipped, .message = "not configured: precheck.team.window"};
  const auto frozen = freeze_text(look);
  if (team.window.empty()) {
    return {.outcome = frozen.empty() ? Outcome::pass : Outcome::warn,
            .observed = to_minutes(look.now()),
            .message = frozen.empty() ? "in no freeze" : frozen};
  }
  const auto window = parse_window(team.window);
  const auto zone = look.zone(window.zone);
  const auto opening = next_opening(window, zone, look.now());
  const bool is_open = opening.contains(look.now());
  Observation seen{.outcome = is_open && frozen.empty() ? Outcome::pass : Outcome::warn,
                   .observed = local_text(zone, look.now())};
  seen.message = is_open ? fmt::format("open until {}", local_text(zone, opening.until))
                         : fmt::format("opens {}, {}", local_text(zone, opening.from), to_minutes(opening.from));
  if (!frozen.empty()) seen.message += "; " + frozen;
  return seen;
}

}  // namespace

extern const Check release_window{
    .id = "window",
    .sop = "Pre",
    .title = "Deployment window",
    .expected =
        [](const Config& config) {
          const auto& team = config.precheck().team;
          if (team.window.empty()) return Expected(team.freezes.empty() ? "within the team's window" : "in no freeze");
          return Expected(team.window + (team.freezes.empty() ? "" : ", in no freeze"));
        },
    .observe = observe};

}  // namespace baton::precheck
