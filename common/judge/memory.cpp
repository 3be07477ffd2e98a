// The session's memory as JSON: decimal strings and RFC 3339 times.
#include "common/judge/memory.h"

#include <algorithm>

#include "common/core/error.h"
#include "common/core/printable.h"
#include "common/judge/state_values.h"

namespace baton::judge {
namespace {

Json to_json(const Counts& counts) {
  return Json::object({{"requests", decimal(counts.requests)}, {"errors", decimal(counts.errors)}});
}

Counts counts_from(const Json& json) {
  return {.errors = decimal_from(json["errors"]), .requests = decimal_from(json["requests"])};
}

/// Of a histogram its edges, else the number under no name.
Json to_json(const Reading& reading) {
  if (reading.histogram.edges().empty()) return Json::object({{"", decimal(*reading.value)}});
  Json json = Json::object();
  for (const auto& [edge, count] : reading.histogram.edges()) json[edge_text(edge)] = decimal(count);
  return json;
}

Reading reading_from(const Metric& metric, const Json& json) {
  if (const Json* value = json.find("")) return {.metric = &metric, .value = decimal_from(*value)};
  std::vector<Histogram::Edge> edges;
  for (const auto& [text, count] : json.members()) {
    const auto edge = parse_edge(text);
    if (!edge)
      throw Error(ExitCode::handoff, "the state of a step has a histogram's edge '" + printable(text, 40) + "'");
    edges.emplace_back(*edge, decimal_from(count));
  }
  std::ranges::sort(edges);
  return reading_of_histogram(metric, Histogram(std::move(edges)));
}

Json to_json(const Point& past) {
  Json json = past.counts ? to_json(*past.counts) : Json::object();
  json["time"] = to_rfc3339(past.time);
  for (const auto& reading : past.readings) json["values"][reading.metric->id] = to_json(reading);
  for (const auto& [metric, value] : past.yesterday) json["yesterday"][metric->id] = decimal(value);
  return json;
}

Point past_from(const Json& json) {
  Point past{.time = time_from(json["time"])};
  if (json.find("requests") != nullptr) past.counts = counts_from(json);
  for (const auto& [id, values] : json["values"].members_or_none()) {
    if (const auto* metric = find_metric(id)) past.readings.push_back(reading_from(*metric, values));
  }
  for (const auto& [id, value] : json["yesterday"].members_or_none()) {
    if (const auto* metric = find_metric(id)) past.yesterday.emplace_back(metric, decimal_from(value));
  }
  return past;
}

Json to_json(const Condition& condition) {
  Json json =
      Json::object({{"known", condition.known}, {"observed", decimal(condition.observed)}, {"why", condition.why}});
  if (condition.is_too_little) json["too_little"] = true;
  if (condition.since) {
    json["since"] = to_rfc3339(*condition.since);
    json["last"] = to_rfc3339(condition.last);
    json["samples"] = condition.samples;
  }
  return json;
}

Condition condition_from(const Json& json) {
  Condition condition{
      .observed = decimal_from(json["observed"]), .why = json["why"].string(), .known = json["known"].integer()};
  condition.is_too_little = json.find("too_little") != nullptr;
  if (const Json* since = json.find("since")) {
    condition.since = time_from(*since);
    condition.last = time_from(json["last"]);
    condition.samples = static_cast<int>(json["samples"].integer());
  }
  return condition;
}

Json to_json(const Figures& figures) {
  return Json::object({{"sum", decimal(figures.sum)},
                       {"highest", decimal(figures.highest)},
                       {"newest", decimal(figures.newest)},
                       {"samples", figures.samples},
                       {"yesterday", decimal(figures.yesterday)},
                       {"yesterdays", figures.yesterdays}});
}

Figures figures_from(const Json& json) {
  return {.sum = decimal_from(json["sum"]),
          .highest = decimal_from(json["highest"]),
          .newest = decimal_from(json["newest"]),
          .samples = json["samples"].integer(),
          .yesterday = decimal_from(json["yesterday"]),
          .yesterdays = json["yesterdays"].integer()};
}

Json to_json(const Breach& breach) {
  return Json::object({{"rule", breach.rule},
                       {"from", to_rfc3339(breach.from)},
                       {"to", to_rfc3339(breach.to)},
                       {"worst", decimal(breach.worst)}});
}

Breach breach_from(const Json& json) {
  return {.rule = json["rule"].string(),
          .from = time_from(json["from"]),
          .to = time_from(json["to"]),
          .worst = decimal_from(json["worst"])};
}

template <typename Value>
Json map_to_json(const std::map<std::string, Value>& values) {
  Json json = Json::object();
  for (const auto& [key, value] : values) json[key] = to_json(value);
  return json;
}

template <typename Values>
Json list_to_json(const Values& values) {
  Json json = Json::array();
  for (const auto& value : values) json.push_back(to_json(value));
  return json;
}

}  // namespace

Json to_json(const Memory& memory) {
  Json json = Json::object();
  if (memory.judged_until) json["judged_until"] = to_rfc3339(*memory.judged_until);
  json["pods"] = json_list(memory.pods);
  json["counters"] = map_to_json(memory.counters);
  json["tail"] = list_to_json(memory.tail);
  json["conditions"] = map_to_json(memory.conditions);
  json["breaches"] = list_to_json(memory.breaches);
  json["gaps"] = Json::array();
  for (const auto& [first, last] : memory.gaps) {
    json["gaps"].push_back(Json::object({{"from", to_rfc3339(first)}, {"to", to_rfc3339(last)}}));
  }
  json["figures"] = map_to_json(memory.figures);
  json["samples"] = memory.samples;
  json["total"] = to_json(memory.total);
  return json;
}

Memory memory_from_json(const Json& json) {
  Memory memory;
  if (json.is_null() || json.members().empty()) return memory;
  if (const Json* until = json.find("judged_until")) memory.judged_until = time_from(*until);
  memory.pods = texts_from(json["pods"]);
  for (const auto& [pod, counts] : json["counters"].members()) memory.counters[pod] = counts_from(counts);
  for (const auto& past : json["tail"].items()) memory.tail.push_back(past_from(past));
  for (const auto& [rule, condition] : json["conditions"].members())
    memory.conditions[rule] = condition_from(condition);
  for (const auto& breach : json["breaches"].items()) memory.breaches.push_back(breach_from(breach));
  for (const auto& gap : json["gaps"].items()) memory.gaps.emplace_back(time_from(gap["from"]), time_from(gap["to"]));
  for (const auto& [metric, figures] : json["figures"].members()) memory.figures[metric] = figures_from(figures);
  memory.samples = json["samples"].integer();
  memory.total = counts_from(json["total"]);
  return memory;
}

}  // namespace baton::judge
