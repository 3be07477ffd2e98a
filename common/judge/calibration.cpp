// The document, and its form as JSON.
#include "common/judge/calibration.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "common/config/keys.h"
#include "common/core/error.h"
#include "common/core/printable.h"
#include "common/core/units.h"
#include "common/judge/state_values.h"

namespace baton::judge {
namespace {

/// Keys and beginnings of keys.
constexpr auto kDeciding = std::to_array<std::string_view>(
    {"switch.soak", "watch.baseline", "watch.step", "watch.warm_up", "watch.limits.", "watch.metrics."});

bool decides(const config::Key& key) {
  return std::ranges::any_of(kDeciding, [&](std::string_view deciding) {
    return deciding.ends_with('.') ? key.path.starts_with(deciding) : key.path == deciding;
  });
}

std::string shown(const std::string& value) { return value.empty() ? "not given" : value; }

Json to_json(const UnknownWindow& window) {
  return Json::object({{"from", to_rfc3339(window.from)}, {"why", window.why}});
}

Json to_json(const RuleTally& tally) {
  const auto breach = [](const Breach& one) {
    return Json::object({{"from", to_rfc3339(one.from)}, {"to", to_rfc3339(one.to)}, {"worst", decimal(one.worst)}});
  };
  return Json::object({{"id", tally.rule},
                       {"critical", tally.is_critical},
                       {"windows", tally.windows},
                       {"breaches", json_list(tally.breaches, breach)}});
}

Json to_json(const Detection& detection) {
  const auto found = [](const Found& one) {
    return Json::object({{"regression", one.regression}, {"windows", one.windows}});
  };
  return Json::object({{"metric", detection.metric},
                       {"critical", detection.is_critical},
                       {"windows", detection.windows},
                       {"found", json_list(detection.found, found)}});
}

Error malformed(const std::string& what) {
  return Error(ExitCode::unknown, what, "Make it again with baton-watch calibrate.");
}

Time read_time(const Json& json) {
  const auto time = parse_rfc3339(json.string());
  if (!time) throw malformed("'" + printable(json.string(), 40) + "' is no time");
  return *time;
}

/// A number of windows, of which there are no more than `most`.
long long read_count(const Json& json, long long most) {
  const auto count = json.integer();
  if (count < 0 || count > most) throw malformed(fmt::format("{} windows cannot be: there are {}", count, most));
  return count;
}

RuleTally rule_from(const Json& json, long long all) {
  RuleTally tally{.rule = json["id"].string(),
                  .is_critical = json["critical"].boolean(),
                  .windows = read_count(json["windows"], all)};
  for (const auto& breach : json["breaches"].items())
    tally.breaches.push_back({.rule = tally.rule,
                              .from = read_time(breach["from"]),
                              .to = read_time(breach["to"]),
                              .worst = decimal_from(breach["worst"])});
  if (std::ssize(tally.breaches) > tally.windows) throw malformed("more windows were breached than judged");
  return tally;
}

Detection detection_from(const Json& json, long long all) {
  Detection detection{.metric = json["metric"].string(),
                      .is_critical = json["critical"].boolean(),
                      .windows = read_count(json["windows"], all)};
  for (const auto& found : json["found"].items())
    detection.found.push_back(
        {.regression = found["regression"].string(), .windows = read_count(found["windows"], detection.windows)});
  return detection;
}

Calibration calibration_from(const Json& json) {
  if (json["kind"].string_or("") != kCalibrationKind)
    throw malformed(fmt::format("it is no calibration: its kind is not '{}'", kCalibrationKind));
  const auto window = parse_duration(json["window"].string());
  if (!window || *window <= Duration{0}) throw malformed("its windows have no length");
  constexpr long long kMany = 1'000'000;
  const auto windows = read_count(json["windows"], kMany);
  Calibration made{.app = json["app"].string(),
                   .namespace_ = json["namespace"].string(),
                   .from = read_time(json["from"]),
                   .to = read_time(json["to"]),
                   .made_at = read_time(json["made_at"]),
                   .window = *window,
                   .windows = static_cast<std::size_t>(windows)};
  for (const auto& unknown : json["unknown"].items())
    made.unknown.push_back({.from = read_time(unknown["from"]), .why = unknown["why"].string()});
  if (made.windows < made.unknown.size() + kFewestWindows) throw malformed("too few of its windows could be judged");
  for (const auto& rule : json["rules"].items()) made.rules.push_back(rule_from(rule, windows));
  for (const auto& metric : json["metrics"].items()) made.detections.push_back(detection_from(metric, windows));
  for (const auto& [key, value] : json["limits"].members()) made.limits[key] = value.string();
  return made;
}

}  // namespace

const Found* Detection::smallest() const {
  const auto enough = [&](const Found& one) { return share_of(one.windows, windows).percent >= kFoundIn; };
  const auto smallest = std::ranges::find_if(found, enough);
  return smallest == found.end() ? nullptr : &*smallest;
}

RuleTally Calibration::rolled_back() const {
  std::map<Time, Breach> first;  // by window
  for (const auto& tally : rules) {
    if (!tally.is_critical) continue;
    for (const auto& breach : tally.breaches) {
      const auto& known = first.try_emplace(from + (breach.from - from) / window * window, breach).first;
      if (breach.from < known->second.from) known->second = breach;
    }
  }
  RuleTally any{.is_critical = true, .windows = static_cast<long long>(judged())};
  for (const auto& [begin, breach] : first) {
    any.windows += std::ranges::count(unknown, begin, &UnknownWindow::from);
    any.breaches.push_back(breach);
  }
  return any;
}

std::map<std::string, std::string> limits_of(const Config& config) {
  std::map<std::string, std::string> limits;
  for (const auto& key : config::keys()) {
    if (decides(key)) limits[key.path] = config::shown_text(key.show(config));
  }
  return limits;
}

std::vector<std::string> changes(const Calibration& calibration, const Config& config) {
  std::vector<std::string> all;
  for (const auto& [key, value] : limits_of(config)) {
    const auto before = calibration.limits.find(key);
    const std::string was = before == calibration.limits.end() ? "" : before->second;
    if (was != value) all.push_back(fmt::format("{} was {}, is {}", key, shown(printable(was, 100)), shown(value)));
  }
  return all;
}

Json to_json(const Calibration& made) {
  Json limits = Json::object();
  for (const auto& [key, value] : made.limits) limits[key] = value;
  const auto list = [](const auto& items) { return json_list(items, [](const auto& item) { return to_json(item); }); };
  return Json::object({{"kind", kCalibrationKind},
                       {"app", made.app},
                       {"namespace", made.namespace_},
                       {"from", to_rfc3339(made.from)},
                       {"to", to_rfc3339(made.to)},
                       {"made_at", to_rfc3339(made.made_at)},
                       {"window", to_text(made.window)},
                       {"windows", made.windows},
                       {"unknown", list(made.unknown)},
                       {"rules", list(made.rules)},
                       {"metrics", list(made.detections)},
                       {"limits", std::move(limits)}});
}

Calibration calibration_from_text(std::string_view text, std::string_view name) {
  const auto json = parse_json(text, name);
  try {
    return calibration_from(json);
  } catch (const Error& error) {
    throw malformed(fmt::format("'{}' is no calibration that can be read: {}", name, error.what()));
  }
}

}  // namespace baton::judge
