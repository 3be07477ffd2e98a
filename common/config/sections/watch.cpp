// Rhythm and limits.
#include "common/config/sections/watch.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "common/config/ranges.h"
#include "common/config/section.h"
#include "common/core/text.h"

namespace baton {
namespace {

struct MetricLimits {
  std::string_view metric;
  LimitRule limits = {};
  /// Seconds and percentage points do not add up, and a latency is no share of anything but its own baseline.
  bool are_shares = false;
  bool may_wait = false;    ///< the SOP's "at once" can be made calmer
  bool only_warns = false;  ///< what it says alone rolls nothing back
};

constexpr Limit plus_points(double points) { return {.kind = Limit::Kind::plus_points, .value = points}; }
constexpr Limit plus_share(double percent) { return {.kind = Limit::Kind::plus_share, .value = percent}; }
constexpr Limit above(double percent) { return {.kind = Limit::Kind::above, .value = percent}; }

/// SOP step 3, "Automatic Rollback Triggers" and the warnings of 3a. A row here is a metric's three keys under
/// watch.limits; its rules are in common/judge/metrics/.
constexpr std::array kLimits = {
    MetricLimits{.metric = "error_rate",
                 .limits = {.warn = plus_points(1), .rollback = plus_points(5), .sustained = 5min},
                 .may_wait = true},
    MetricLimits{.metric = "latency_p95",
                 .limits = {.warn = plus_share(20), .rollback = plus_share(100), .sustained = 10min, .floor = 5ms},
                 .are_shares = true},
    MetricLimits{.metric = "request_drop", .limits = {.warn = above(50), .sustained = 5min}, .only_warns = true},
    MetricLimits{.metric = "cpu", .limits = {.warn = above(80), .rollback = above(95), .sustained = 5min}},
    MetricLimits{.metric = "memory", .limits = {.warn = above(85), .rollback = above(95), .sustained = 5min}},
};

/// What `watch.metrics` takes for a metric: one query, or one for each of its parts. The queries of a part are what the
/// judge counts with, so their form is asked for: counters as they stand, or rates over a window that it may choose.
struct QueryForm {
  std::string_view metric;
  std::string_view help;
  std::array<std::string_view, 2> parts = {};
  bool parts_are_rates = false;
};
constexpr std::array kQueries = {
    QueryForm{
        .metric = "error_rate",
        .help = "Failed share of the requests, 0 to 1, which only warns; or {errors, requests}: counters by (pod)",
        .parts = {"errors", "requests"}},
    QueryForm{.metric = "latency_p95",
              .help = "P95 in seconds, which only warns; or {buckets}: rates over {{window}} by (le), in seconds",
              .parts = {"buckets"},
              .parts_are_rates = true},
    QueryForm{.metric = "latency_p99", .help = "P99 in seconds; shown, not judged"},
    QueryForm{.metric = "request_rate", .help = "Requests a second; shown, not judged"},
    QueryForm{.metric = "request_drop", .help = "Requests a second of all colours, which must not drop"},
    QueryForm{.metric = "cpu", .help = "Percent of what a pod may use, by (pod)"},
    QueryForm{.metric = "memory", .help = "Percent of what a pod may use, by (pod)"},
    QueryForm{.metric = "disk_io", .help = "Bytes a second; shown, not judged"},
    QueryForm{.metric = "network", .help = "Bytes a second; shown, not judged"},
};

}  // namespace

MetricConfigs found_metrics() {
  MetricConfigs metrics;
  for (const auto& form : kQueries) metrics.emplace(form.metric, MetricConfig{});
  return metrics;
}

OwnQueries WatchConfig::own_queries() const {
  OwnQueries own;
  for (const auto& [metric, given] : metrics) {
    if (!given.query.parts.empty()) own.emplace(metric, given.query);
  }
  return own;
}

Limits sop_limits() {
  Limits limits;
  for (const auto& row : kLimits) limits.emplace(row.metric, row.limits);
  return limits;
}

namespace config {
namespace {

Check<std::optional<Limit>> share() {
  return {[](const std::optional<Limit>& value) { return value && value->kind == Limit::Kind::plus_share; },
          "a share of the baseline such as +20%",
          titled(or_filled(pattern_schema(R"(^\+([0-9]+\.?[0-9]*|\.[0-9]+)%$)")), "share of the baseline: +20%")};
}

void add_phase(std::vector<Key>& all, const std::string& prefix, auto at) {
  const Section phase(all, prefix, at, {"watch"});
  phase.key("for", "Length of the phase", &PhaseConfig::length);
  phase.key("every", "Rhythm of its report", &PhaseConfig::every, positive());
}

void add_limits(std::vector<Key>& all, const MetricLimits& row) {
  const std::string metric(row.metric);
  const auto at = [metric](auto& config) -> auto& { return config.watch().limits.at(metric); };
  const auto check = row.are_shares ? share() : Check<std::optional<Limit>>{};
  const Section rule(all, "watch.limits." + metric + ".", at, {"precheck", "switch", "watch"});
  rule.key("warn", "Over it: a warning", &LimitRule::warn, check);
  if (!row.only_warns) rule.key("rollback", "Over it: rolled back", &LimitRule::rollback, check);
  rule.key("for", "How long it must be over it", &LimitRule::sustained);
  if (row.are_shares) rule.key("floor", "What its limits never go below", &LimitRule::floor);
  if (row.may_wait)
    rule.key("confirm", "How long it must be over rollback; four times the limit never waits", &LimitRule::confirm);
}

std::vector<std::string> parts_of(const QueryForm& form) {
  std::vector<std::string> names;
  for (const auto part : form.parts) {
    if (!part.empty()) names.emplace_back(part);
  }
  return names;
}

/// A part in the form that the judge counts with.
bool is_countable(const QueryForm& form, const std::string& promql) {
  if (form.parts_are_rates) return promql.find("{{window}}") != std::string::npos;
  const auto dense = replace_all(promql, " ", "");
  return std::ranges::none_of(std::array{"rate(", "increase(", "delta("},
                              [&](std::string_view function) { return dense.find(function) != std::string::npos; });
}

bool is_taken(const QueryForm& form, const OwnQuery& query) {
  const auto known = parts_of(form);
  if (query.parts.contains("")) return !trim(query.parts.at("")).empty();
  return !known.empty() && query.parts.size() == known.size() && std::ranges::all_of(known, [&](const auto& part) {
    const auto given = query.parts.find(part);
    return given != query.parts.end() && !trim(given->second).empty() && is_countable(form, given->second);
  });
}

/// What a part must look like, as a regular expression.
std::string_view countable_pattern(const QueryForm& form) {
  return form.parts_are_rates ? R"(\{\{window\}\})" : R"(^(?!.*(rate|increase|delta) *\())";
}

Check<OwnQuery> taken_as(const QueryForm& form) {
  const auto names = parts_of(form);
  Json text = Codec<std::string>::schema();
  if (names.empty()) {
    return {[form](const OwnQuery& query) { return is_taken(form, query); }, "a PromQL query",
            titled(std::move(text), "PromQL")};
  }
  Json properties = Json::object();
  for (const auto& name : names) {
    properties[name] = pattern_schema(countable_pattern(form));
    properties[name]["description"] =
        form.parts_are_rates ? "A sum by (le) of rates over {{window}}" : "A counter as it stands, by (pod)";
  }
  const Json parts = Json::object({{"type", "object"},
                                   {"additionalProperties", false},
                                   {"required", json_list(names)},
                                   {"properties", std::move(properties)}});
  const std::string either = fmt::format("PromQL or {{{}}}", join(names, ", "));
  return {[form](const OwnQuery& query) { return is_taken(form, query); },
          fmt::format("a PromQL query or {{{}}}, each {}", join(names, ", "),
                      form.parts_are_rates ? "a sum by (le) of rates over {{window}}" : "a counter without rate()"),
          titled(Json::object({{"oneOf", Json::array({std::move(text), parts})}}), either)};
}

void add_query(std::vector<Key>& all, const QueryForm& form) {
  const std::string metric(form.metric);
  const auto at = [metric](auto& config) -> auto& { return config.watch().metrics.at(metric); };
  const Section queries(all, "watch.metrics.", at, {"precheck", "switch", "watch"});
  queries.fills(queries.key(metric, form.help, &MetricConfig::query, taken_as(form)), placeholder_names());
}

}  // namespace

void add_watch(std::vector<Key>& all) {
  const auto at = [](auto& config) -> auto& { return config.watch(); };
  const Section read(all, "watch.", at, {"precheck", "switch", "watch"});
  const Section section(all, "watch.", at, {"watch"});
  read.key("baseline", "Stretch before the switch that limits are set against", &WatchConfig::baseline, positive());
  read.key("step", "How finely every range is read and judged", &WatchConfig::step,
           within<Duration>(1s, 5min, "a duration from 1s to 5m"));
  read.key("warm_up", "How long a new colour may be twice as slow as its latency limits", &WatchConfig::warm_up);
  add_phase(
      all, "watch.intensive.", [](auto& config) -> auto& { return config.watch().intensive; });
  add_phase(
      all, "watch.passive.", [](auto& config) -> auto& { return config.watch().passive; });
  section.either("rollback", "Who rolls back in the intensive phase", &WatchConfig::automatic_rollback, "automatic",
                 "manual");
  section.either("rollback_after_intensive", "Who rolls back after it", &WatchConfig::automatic_after_intensive,
                 "automatic", "manual");
  for (const auto& form : kQueries) add_query(all, form);
  for (const auto& row : kLimits) add_limits(all, row);
  const Section prechecked(all, "watch.", at, {"precheck"});
  prechecked.key("calibration", "What baton-watch calibrate wrote: how often these limits are wrong, by its history",
                 &WatchConfig::calibration);
}

}  // namespace config
}  // namespace baton
