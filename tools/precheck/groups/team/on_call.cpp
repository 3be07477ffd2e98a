// SOP, "Prerequisites": On-call engineer available (during and 2 hours post-deployment).
#include "common/clients/on_call.h"

#include <fmt/format.h>

#include <algorithm>

#include "common/config/sections/precheck.h"
#include "common/core/text.h"
#include "common/step/connect.h"
#include "tools/precheck/check.h"
#include "tools/precheck/look.h"

namespace baton::precheck {
namespace {

using namespace std::chrono_literals;

/// SOP, "Typical Duration": a deployment takes 15-30 minutes; "Team Readiness": and 2 hours post-deployment.
constexpr Duration kUntil = 30min + 2h;

std::string names_of(const std::vector<on_call::Turn>& turns) {
  std::vector<std::string> names;
  for (const auto& turn : turns) {
    if (std::ranges::find(names, turn.person) == names.end()) names.push_back(turn.person);
  }
  return join(names, ", ");
}

Observation observe(const Look& look) {
  const auto& key = look.config().precheck().team.on_call;
  const auto now = look.now();
  const auto until = now + kUntil;
  HttpClient http = look.http_to(key.at, "precheck.team.on_call");
  const auto turns = on_call::turns(http,
                                    {.kind = key.kind,
                                     .url = key.at.url,
                                     .token = key.at.token,
                                     .headers = key.at.headers,
                                     .name = key.schedule,
                                     .pointer = key.pointer},
                                    now, until, look.stop());
  if (turns.empty()) return {.outcome = Outcome::warn, .observed = "nobody", .message = "until " + to_minutes(until)};
  const auto gap = on_call::first_gap(turns, now, until);
  Observation seen{.outcome = gap ? Outcome::warn : Outcome::pass, .observed = names_of(turns)};
  if (gap) seen.message = fmt::format("nobody from {} on", to_minutes(*gap));
  if (!gap) seen.message = key.kind == "url" ? "as it is now" : "until " + to_minutes(until);
  return seen;
}

}  // namespace

extern const Check on_call{
    .id = "on-call",
    .sop = "Pre",
    .title = "On-call engineer",
    .expected = [](const Config&) { return Expected("a person, for the deployment and 2 hours after"); },
    .needs = "precheck.team.on_call",
    .is_attestable = true,
    .observe = observe};

}  // namespace baton::precheck
