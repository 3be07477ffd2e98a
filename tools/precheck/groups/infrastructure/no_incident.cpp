// SOP, "Prerequisites": the production environment is healthy, no ongoing incidents.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "common/clients/alertmanager.h"
#include "common/config/sections/precheck.h"
#include "common/core/printable.h"
#include "common/core/text.h"
#include "common/step/connect.h"
#include "tools/precheck/check.h"
#include "tools/precheck/look.h"

namespace baton::precheck {
namespace {

constexpr std::string_view kKey = "precheck.infrastructure.alertmanager";
constexpr std::array<std::string_view, 2> kEnvironmentLabels = {"environment", "env"};
constexpr std::size_t kMostNamed = 10;

/// What carries no such label may be about anything, us too.
bool may_be(const std::string& label, const std::string& ours) { return label.empty() || label == ours; }

bool is_about_us(const alertmanager::Alert& alert, const Look& look) {
  return may_be(alert.label("namespace"), look.namespace_name()) &&
         std::ranges::all_of(kEnvironmentLabels, [&](std::string_view name) {
           return may_be(alert.label(name), look.release().environment);
         });
}

std::string text_of(const alertmanager::Alert& alert) {
  const auto name = alert.label("alertname");
  const auto where = alert.label("namespace");
  return fmt::format("{}{} since {}", printable(name.empty() ? "an alert without a name" : name, 100),
                     in_brackets(printable(where, 63)), printable(alert.starts_at, 40));
}

std::string named(const std::vector<std::string>& all) {
  const auto shown = std::min(all.size(), kMostNamed);
  const auto more = all.size() > shown ? fmt::format(" and {} more", all.size() - shown) : "";
  return join(std::span(all).first(shown), ", ") + more;
}

Observation observe(const Look& look) {
  const auto& endpoint = look.config().precheck().infrastructure.alertmanager;
  auto http = look.http_to(endpoint, kKey);
  const auto alerts = alertmanager::firing_alerts(
      http, {.url = endpoint.url, .token = endpoint.token, .headers = endpoint.headers}, look.stop());
  std::vector<std::string> ours;
  std::vector<std::string> of_others;
  for (const auto& alert : alerts) {
    if (to_lower(alert.label("severity")) != "critical") continue;
    (is_about_us(alert, look) ? ours : of_others).push_back(text_of(alert));
  }
  Observation seen{.outcome = Outcome::pass, .observed = Measured(ours.size() + of_others.size(), "critical alerts")};
  seen.message = fmt::format("no critical alert among {}", count_text(static_cast<long long>(alerts.size()), "alert"));
  if (!ours.empty()) {
    seen.outcome = Outcome::fail;
    seen.message = "critical alerts fire: " + named(ours);
    seen.recovery = {"End the incident first; a release in the middle of it hides its cause.",
                     "Run baton-precheck again once the alert is resolved."};
  } else if (!of_others.empty()) {
    seen.outcome = Outcome::warn;
    seen.message = "critical alerts fire elsewhere: " + named(of_others);
    seen.recovery = {"Ask whoever is on call there whether a release would be in the way."};
  }
  return seen;
}

}  // namespace

extern const Check no_incident{.id = "no-incident",
                               .sop = "1.2",
                               .title = "No ongoing incident",
                               .expected = [](const Config&) { return Expected("no critical alert fires"); },
                               .needs = kKey,
                               .critical = true,
                               .declared = WhenDeclared::settled,
                               .is_waivable = false,
                               .observe = observe};

}  // namespace baton::precheck
