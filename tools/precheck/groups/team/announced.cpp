// SOP, "Prerequisites": Stakeholders notified; Communication channels active. What was delivered is the evidence.
#include <fmt/format.h>

#include "common/config/sections/notify.h"
#include "common/core/text.h"
#include "tools/precheck/announcement.h"
#include "tools/precheck/check.h"
#include "tools/precheck/look.h"

namespace baton::precheck {
namespace {

Observation told(const Delivered& delivered, std::string_view unit) {
  const bool is_whole = delivered.channels > 0 && delivered.delivered == delivered.channels;
  Observation seen{.outcome = is_whole ? Outcome::pass : Outcome::warn,
                   .observed = fmt::format("{}/{} {}", delivered.delivered, delivered.channels, unit)};
  seen.message = is_whole ? "the announcement was delivered" : "the announcement was not delivered";
  if (!is_whole)
    seen.recovery = {"Run baton-precheck with --announce; or attest in attestations.yaml who told them, and how."};
  return seen;
}

Observation observe_team(const Look& look) { return told(delivered_to(look.view(), Audience::team), "channels"); }

Observation observe_incident(const Look& look) {
  const auto all = delivered_to(look.view(), Audience::incident);
  const auto team = delivered_to(look.view(), Audience::team);
  return told({.channels = all.channels - team.channels, .delivered = all.delivered - team.delivered}, "channels");
}

}  // namespace

extern const Check stakeholders_notified{
    .id = "stakeholders-notified",
    .sop = "Pre",
    .title = "Stakeholders notified",
    .expected = [](const Config&) { return Expected("the announcement reached every channel of notify.to"); },
    .needs = "notify.to",
    .is_attestable = true,
    .observe = observe_team};

extern const Check incident_channel{
    .id = "incident-channel",
    .sop = "Pre",
    .title = "Incident channel",
    .expected = [](const Config&) { return Expected("the announcement reached every channel of notify.incident"); },
    .needs = "notify.incident",
    .is_attestable = true,
    .observe = observe_incident};

}  // namespace baton::precheck
