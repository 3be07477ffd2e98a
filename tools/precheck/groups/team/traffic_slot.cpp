// SOP, "Prerequisites": Deployment window confirmed (low-traffic hours if possible).
#include <fmt/format.h>

#include "common/config/sections/metrics.h"
#include "common/config/sections/precheck.h"
#include "common/config/sections/watch.h"
#include "common/judge/means.h"
#include "common/judge/own_query.h"
#include "tools/precheck/check.h"
#include "tools/precheck/look.h"
#include "tools/precheck/team/calendar.h"
#include "tools/precheck/team/traffic.h"

namespace baton::precheck {
namespace {

constexpr std::size_t kFewestSlots = 48;  // a day: of less there is no usual

/// All colours' requests: whoever served last week.
std::string query_for(const Look& look, Time at) {
  const auto& config = look.config();
  const auto scope = look.live_scope();
  const auto own = config.watch().own_queries();
  const auto found =
      judge::find_source(look.metrics(), judge::selector_for(config, judge::day_before(scope), kSlot), at, look.stop());
  const auto terms =
      judge::terms_for(config, scope, judge::source_beside(own, found), kSlot, judge::PodNames::filled_in, own);
  auto query = judge::query_of(judge::kRequestRate, terms.of_all());
  if (query.empty())
    throw Error(ExitCode::unknown, "nobody counts the requests: " + found.why,
                "Name a query in watch.metrics.request_rate.");
  return query;
}

bool is_allowed(const Look& look, const std::optional<Window>& window, Time at) {
  for (const auto& text : look.config().precheck().team.freezes) {
    const auto freeze = parse_freeze(text);
    if (span_of(freeze, look.zone(freeze.zone)).contains(at)) return false;
  }
  return !window || next_opening(*window, look.zone(window->zone), at).contains(at);
}

std::string when_text(const Look& look, const std::optional<Window>& window, Time at) {
  const auto minutes = to_minutes(at);
  return window ? local_text(look.zone(window->zone), at) + ", " + minutes : minutes;
}

Observation observe(const Look& look) {
  const auto at = look.now() - look.config().metrics().lag;
  const auto query = query_for(look, at);
  const auto answer = look.metrics().query_range(query, at - kWeek, at, kSlot, look.stop());
  prometheus::require_whole(answer);
  const Curve curve = judge::means_of(answer);
  if (curve.size() < kFewestSlots || at - curve.rbegin()->first >= kSlot)
    throw Error(
        ExitCode::unknown,
        fmt::format("the store knows the requests of {} half hours of the last week; {} and the newest are needed",
                    curve.size(), kFewestSlots),
        "Keep a week of metrics, or look again later.");
  const auto median = median_of(curve);
  const auto rate = curve.rbegin()->second;
  Observation seen{.outcome = Outcome::pass, .observed = Measured(rate, "requests/s")};
  const auto usual = fmt::format("the last week's median is {}", Measured(median, "requests/s").text());
  seen.message = usual;
  if (rate <= median) return seen;
  const auto& text = look.config().precheck().team.window;
  const auto window = text.empty() ? std::nullopt : std::optional(parse_window(text));
  const auto slot = quieter_slot(curve, at, median, rate, [&](Time begin) { return is_allowed(look, window, begin); });
  seen.outcome = Outcome::warn;
  seen.message += slot ? fmt::format("; quieter from {}: {} a week before", when_text(look, window, slot->at),
                                     Measured(slot->rate, "requests/s").text())
                       : "; no quieter half hour lies in the team's window";
  if (slot) seen.recovery = {fmt::format("Release from {} on, when it is quieter.", when_text(look, window, slot->at))};
  return seen;
}

}  // namespace

extern const Check traffic_slot{
    .id = "traffic-slot",
    .sop = "Pre",
    .title = "Traffic",
    .expected = [](const Config&) { return Expected("not above the median of the last week's half hours"); },
    .needs = "metrics.prometheus",
    .part = "metrics",
    .declared = WhenDeclared::caution,
    .observe = observe};

}  // namespace baton::precheck
