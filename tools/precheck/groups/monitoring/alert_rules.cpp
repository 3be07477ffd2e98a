// SOP, "Monitoring & Alerting": the alerts that shall wake somebody are loaded and evaluated.
#include <fmt/format.h>

#include "common/config/sections/precheck.h"
#include "common/core/printable.h"
#include "common/core/text.h"
#include "tools/precheck/check.h"
#include "tools/precheck/store.h"

namespace baton::precheck {
namespace {

/// What all rules of one name say together.
struct Rule {
  int loaded = 0;
  int firing = 0;
  std::vector<std::string> errors = {};
  bool is_evaluated = true;

  void add(const Json& json) {
    ++loaded;
    const auto health = json["health"].string_or("");
    if (health == "err") errors.push_back(printable(json["lastError"].string_or("no reason is said"), 200));
    if (health != "ok" && health != "err") is_evaluated = false;
    if (json["state"].string_or("") == "firing") ++firing;
  }
};

Rule rules_named(const Json& groups, const std::string& name) {
  Rule rule;
  for (const auto& group : groups.items()) {
    for (const auto& json : group["rules"].items_or_none()) {
      if (json["type"] == Json("alerting") && json["name"] == Json(name)) rule.add(json);
    }
  }
  return rule;
}

struct Tally {
  long long ready = 0;
  std::vector<std::string> broken = {};
  std::vector<std::string> unknown = {};
  std::vector<std::string> firing = {};

  void add(const std::string& name, const Rule& rule) {
    if (rule.loaded == 0) return broken.push_back("'" + name + "' is not loaded");
    if (!rule.errors.empty()) return broken.push_back("'" + name + "' cannot be evaluated: " + rule.errors.front());
    if (!rule.is_evaluated) return unknown.push_back("'" + name + "' was not evaluated yet");
    ++ready;
    if (rule.firing > 0) firing.push_back("'" + name + "' is firing");
  }
  Outcome outcome() const {
    if (!broken.empty()) return Outcome::fail;
    if (!unknown.empty()) return Outcome::unknown;
    return firing.empty() ? Outcome::pass : Outcome::warn;
  }
};

Observation observe(const Look& look) {
  const auto& names = look.config().precheck().monitoring.alerts;
  const auto rules = require_store(look).rules(look.stop());
  Tally tally;
  for (const auto& name : names) tally.add(name, rules_named(rules["groups"], name));
  std::vector<std::string> said = {fmt::format("{}/{} rules are loaded and evaluated", tally.ready, names.size())};
  for (const auto* some : {&tally.broken, &tally.unknown, &tally.firing})
    said.insert(said.end(), some->begin(), some->end());
  Observation seen{.outcome = tally.outcome(), .observed = Measured(tally.ready, "rules"), .message = join(said, "; ")};
  if (!tally.broken.empty())
    seen.recovery = {"Load these rules into the server of metrics.prometheus, or correct precheck.monitoring.alerts."};
  else if (!tally.firing.empty())
    seen.recovery = {"Look why it fires before a release changes what is seen."};
  return seen;
}

}  // namespace

extern const Check alert_rules{.id = "alert-rules",
                               .sop = "Pre",
                               .title = "Alerts",
                               .expected = [](const Config&) { return Expected("every rule loaded and evaluated"); },
                               .needs = "precheck.monitoring.alerts",
                               .observe = observe};

}  // namespace baton::precheck
